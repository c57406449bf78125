/** The sessions of a manager: their subscriptions, what their clients send, their heartbeat and their end. */
@NullMarked
package io.tankws.core.session;

import org.jspecify.annotations.NullMarked;
