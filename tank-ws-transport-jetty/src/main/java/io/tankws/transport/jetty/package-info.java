/**
 * The transport on Jetty, through Jetty's WebSocket core API.
 *
 * <p>A {@link io.tankws.transport.jetty.TankWsHandler} passes each request as a handshake to the handler of its path.
 * When that handler accepts, the WebSocket connection replaces the HTTP connection.
 */
@NullMarked
package io.tankws.transport.jetty;

import org.jspecify.annotations.NullMarked;
