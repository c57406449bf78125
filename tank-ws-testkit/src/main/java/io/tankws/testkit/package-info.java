/**
 * What tests of and with tank-ws share.
 *
 * <p>The transport {@code in-memory} needs no sockets; {@link io.tankws.testkit.InMemoryPeer} is a client's side of it.
 */
package io.tankws.testkit;
