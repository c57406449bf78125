package io.tankws.core.handshake;

import io.tankws.Handshake;
import io.tankws.HandshakeHandler;
import io.tankws.HandshakeRequest;
import io.tankws.Refusal;
import io.tankws.TrustedProxies;
import io.tankws.spi.AcceptOptions;
import io.tankws.spi.ConnectionListener;
import io.tankws.spi.TransportHandshake;
import java.time.Duration;

/**
 * A handshake with the request that the client sent to its proxy.
 *
 * @param original handshake of the proxy
 * @param request see {@link TrustedProxies#resolve}
 */
public record ForwardedHandshake(TransportHandshake original, HandshakeRequest request) implements TransportHandshake {
    /** Returns the handler that a transport calls instead of another one. */
    public static HandshakeHandler handler(TrustedProxies proxies, HandshakeHandler handler) {
        return proxies.isEmpty() ? handler : handshake -> handler.handleConnection(resolve(proxies, handshake));
    }

    private static Handshake resolve(TrustedProxies proxies, Handshake handshake) {
        HandshakeRequest request = proxies.resolve(handshake.request());
        return request != handshake.request() && handshake instanceof TransportHandshake original
                ? new ForwardedHandshake(original, request)
                : handshake;
    }

    @Override
    public void refuse(Refusal refusal) {
        original.refuse(refusal);
    }

    @Override
    public void accept(AcceptOptions acceptance, ConnectionListener listener) {
        original.accept(acceptance, listener);
    }

    @Override
    public void decideWithin(Duration timeout) {
        original.decideWithin(timeout);
    }
}
