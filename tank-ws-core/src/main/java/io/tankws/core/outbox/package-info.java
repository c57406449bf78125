/** The outbox of a connection: queued messages, overflow, and the closing handshake. */
package io.tankws.core.outbox;
