/** The outbox of a connection: queued messages, overflow, and the closing handshake. */
@NullMarked
package io.tankws.core.outbox;

import org.jspecify.annotations.NullMarked;
