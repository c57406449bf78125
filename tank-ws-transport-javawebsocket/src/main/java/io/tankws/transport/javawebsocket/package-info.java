/**
 * The transport on Java-WebSocket.
 *
 * <p>The library runs the selector and the workers. This package parses the request head, writes the response, reads
 * and writes the frames, and ends the connection: the library accepts input that RFC 6455 forbids, bounds neither
 * request heads nor messages nor its outgoing queue, and leaves rejected sockets open.
 *
 * <p>Bytes go from {@link io.tankws.transport.javawebsocket.PeerChannel}, which the selector reads, to the
 * {@link io.tankws.transport.javawebsocket.PeerState} of the peer, and to the channel again.
 */
@NullMarked
package io.tankws.transport.javawebsocket;

import org.jspecify.annotations.NullMarked;
