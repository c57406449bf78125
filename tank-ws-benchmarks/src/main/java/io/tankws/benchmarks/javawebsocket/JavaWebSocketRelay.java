package io.tankws.benchmarks.javawebsocket;

import java.net.InetSocketAddress;
import org.java_websocket.WebSocket;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.server.WebSocketServer;

/**
 * Java-WebSocket used as its documentation shows: what one sends goes to each other by {@code send}. With the library's
 * own threads, and nothing that bounds what waits for a slow client.
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
        // Nothing is said in greeting.
    }

    @Override
    public void onClose(WebSocket closed, int code, String reason, boolean remote) {
        // The library forgets it.
    }

    @Override
    public void onError(WebSocket failed, Exception cause) {
        // The library closes it; where it is the server itself, the port stays closed and that is seen.
    }

    @Override
    public void onStart() {
        // The starter of the process polls the port.
    }
}
