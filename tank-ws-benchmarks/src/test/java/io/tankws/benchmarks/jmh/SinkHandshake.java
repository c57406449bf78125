package io.tankws.benchmarks.jmh;

import io.tankws.CloseStatus;
import io.tankws.Frame;
import io.tankws.HandshakeRequest;
import io.tankws.Refusal;
import io.tankws.spi.AcceptOptions;
import io.tankws.spi.Connection;
import io.tankws.spi.ConnectionListener;
import io.tankws.spi.TransportHandshake;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/** A handshake of a client without cost. Each write completes within the call. */
final class SinkHandshake implements TransportHandshake {
    private final HandshakeRequest request = HandshakeRequest.builder(
                    "/ws", new InetSocketAddress(InetAddress.getLoopbackAddress(), 1))
            .header("Host", "127.0.0.1")
            .header("Upgrade", "websocket")
            .header("Connection", "Upgrade")
            .header("Sec-WebSocket-Version", "13")
            .header("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
            .build();

    @Override
    public HandshakeRequest request() {
        return request;
    }

    @Override
    public void refuse(Refusal refusal) {
        throw new IllegalStateException("refused: " + refusal);
    }

    @Override
    public void accept(AcceptOptions acceptance, ConnectionListener listener) {
        listener.onOpen(new Sink(listener));
    }

    private record Sink(ConnectionListener listener) implements Connection {
        @Override
        public boolean write(List<Frame> frames, WriteCallback callback) {
            return true;
        }

        @Override
        public void close(CloseStatus status) {
            listener.onClose(status);
        }

        @Override
        public void abort() {
            listener.onClose(CloseStatus.ABNORMAL);
        }

        @Override
        public void pauseReading() {
            // The client sends no messages.
        }

        @Override
        public void resumeReading() {
            // The client sends no messages.
        }
    }
}
