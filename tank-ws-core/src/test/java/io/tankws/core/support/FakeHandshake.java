package io.tankws.core.support;

import io.tankws.HandshakeRequest;
import io.tankws.Refusal;
import io.tankws.spi.AcceptOptions;
import io.tankws.spi.ConnectionListener;
import io.tankws.spi.TransportHandshake;
import java.net.InetSocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A valid handshake that records its decision: a refusal, or a listener. */
public class FakeHandshake implements TransportHandshake {
    private final BlockingQueue<Object> decision = new LinkedBlockingQueue<>();
    private final HandshakeRequest request;

    public FakeHandshake(String target, String... headers) {
        HandshakeRequest.Builder builder = HandshakeRequest.builder(
                        target, InetSocketAddress.createUnresolved("192.0.2.1", 1))
                .header("Host", "example.org")
                .header("Upgrade", "websocket")
                .header("Connection", "Upgrade")
                .header("Sec-WebSocket-Version", "13")
                .header("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
        for (int i = 0; i < headers.length; i += 2) {
            builder.header(headers[i], headers[i + 1]);
        }
        request = builder.build();
    }

    @Override
    public HandshakeRequest request() {
        return request;
    }

    @Override
    public void refuse(Refusal refusal) {
        decision.add(refusal);
    }

    @Override
    public void accept(AcceptOptions acceptance, ConnectionListener listener) {
        decision.add(listener);
    }

    public boolean isDecided() {
        return !decision.isEmpty();
    }

    public int refusedWith() throws InterruptedException {
        return refusal().status();
    }

    public Refusal refusal() throws InterruptedException {
        return (Refusal) decision.poll(10, TimeUnit.SECONDS);
    }

    public ConnectionListener listener() throws InterruptedException {
        return (ConnectionListener) decision.poll(10, TimeUnit.SECONDS);
    }
}
