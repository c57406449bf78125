/**
 * The transport on Java-WebSocket.
 *
 * <p>The library runs the selector and the workers and makes the answer to the opening handshake. The request head, the
 * frames of both directions and the end of a connection are ours: the library accepts what RFC 6455 forbids, bounds
 * neither heads nor messages nor its outgoing queue, and leaves refused sockets open.
 */
package io.tankws.transport.javawebsocket;
