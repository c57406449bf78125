package io.tankws.benchmarks.javawebsocket;

import java.net.InetSocketAddress;
import org.java_websocket.WebSocket;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.server.WebSocketServer;

/**
 * A relay on Java-WebSocket as its documentation shows it, with one {@code send} per client. It uses the threads of the
 * library. The queue of a slow client has no limit.
 */
public final class JavaWebSocketRelay extends WebSocketServer {
    private JavaWebSocketRelay(int port) {
        super(new InetSocketAddress("127.0.0.1", port));
    }

    /**
     * Runs until the process is stopped.
     *
     * @param arguments the port on 127.0.0.1
     */
    public static void main(String[] arguments) {
        JavaWebSocketRelay relay = new JavaWebSocketRelay(Integer.parseInt(arguments[0]));
        // All servers of the comparison do so. With the default of the library, small messages wait for an
        // acknowledgement.
        relay.setTcpNoDelay(true);
        relay.setReuseAddr(true);
        relay.start();
    }

    @Override
    public void onMessage(WebSocket sender, String message) {
        for (WebSocket other : getConnections()) {
            if (other != sender) {
                other.send(message);
            }
        }
    }

    @Override
    public void onOpen(WebSocket opened, ClientHandshake handshake) {
        // The relay sends no greeting.
    }

    @Override
    public void onClose(WebSocket closed, int code, String reason, boolean remote) {
        // The library removes the connection.
    }

    @Override
    public void onError(WebSocket failed, Exception cause) {
        // The library closes the connection. If the server itself fails, its port stays closed.
    }

    @Override
    public void onStart() {
        // The starter of the process polls the port.
    }
}
