/**
 * What a transport implements and calls; applications do not need it.
 *
 * <p>A {@link io.tankws.spi.Transport} listens and turns each request into a
 * {@link io.tankws.spi.TransportHandshake}. Once the handshake is accepted, a {@link io.tankws.spi.Connection} carries
 * frames outward and a {@link io.tankws.spi.ConnectionListener} receives messages inward. A transport has no outgoing
 * queue of its own: at most one write is in flight per connection.
 */
package io.tankws.spi;
