package io.tankws.transport.javawebsocket;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.java_websocket.WebSocket;
import org.java_websocket.WebSocketAdapter;
import org.java_websocket.handshake.Handshakedata;
import org.jspecify.annotations.Nullable;

/**
 * The library's listener of a connection, which ignores all events because {@link PeerSocket} handles them. In
 * particular, the library's server must not get write demands, because it would change the interest of a key.
 */
final class NoopEvents extends WebSocketAdapter {
    @Override
    public void onWebsocketMessage(WebSocket connection, String message) {}

    @Override
    public void onWebsocketMessage(WebSocket connection, ByteBuffer message) {}

    @Override
    public void onWebsocketOpen(WebSocket connection, Handshakedata request) {}

    @Override
    public void onWebsocketClose(WebSocket connection, int code, String reason, boolean remote) {}

    @Override
    public void onWebsocketClosing(WebSocket connection, int code, String reason, boolean remote) {}

    @Override
    public void onWebsocketCloseInitiated(WebSocket connection, int code, String reason) {}

    @Override
    public void onWebsocketError(WebSocket connection, Exception failure) {}

    @Override
    public void onWriteDemand(WebSocket connection) {}

    @Override
    public @Nullable InetSocketAddress getLocalSocketAddress(WebSocket connection) {
        return null;
    }

    @Override
    public InetSocketAddress getRemoteSocketAddress(WebSocket connection) {
        return ((PeerSocket) connection).remoteAddress();
    }
}
