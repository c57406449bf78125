/** The sessions of a manager: their subscriptions, what their clients send, their heartbeat and their end. */
package io.tankws.core.session;
