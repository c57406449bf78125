/**
 * The interfaces between the core, transports, protocols and backplanes. Applications do not need this package.
 *
 * <p>A {@link io.tankws.spi.Transport} listens on a port and turns each request into a
 * {@link io.tankws.spi.TransportHandshake}. When the handshake is accepted, a {@link io.tankws.spi.Connection}
 * carries frames to the peer, and a {@link io.tankws.spi.ConnectionListener} receives the peer's messages. A
 * transport has no outbound queue: at most one write is in flight per connection. A {@link io.tankws.spi.Backplane}
 * connects the nodes of a cluster.
 *
 * <p>A {@link io.tankws.spi.ClientProtocol} gives clients of a route another protocol than the plain one. It opens a
 * {@link io.tankws.spi.ProtocolSession} for each connection, which acts on a {@link io.tankws.spi.ProtocolConnection}.
 */
@NullMarked
package io.tankws.spi;

import org.jspecify.annotations.NullMarked;
