/**
 * The Jetty transport. Jetty reads and writes frames through its WebSocket core API; what tank-ws adds is around it.
 *
 * <p>A request goes from {@link io.tankws.transport.jetty.TankWsHandler} as a handshake to the path's handler, whose
 * acceptance swaps the HTTP connection for a WebSocket connection with its own watch on the socket.
 */
package io.tankws.transport.jetty;
