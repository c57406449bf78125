package io.tankws.testkit;

import io.tankws.HandshakeRequest;
import io.tankws.Refusal;
import io.tankws.transport.memory.InMemoryPeer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A connection without a socket. */
@SuppressWarnings("NullAway") // a client whose handshake was refused uses the reply only
final class InMemoryTestConnection implements TestConnection {
    private static final int FIRST_EPHEMERAL_PORT = 49152;
    private static final Duration FOR_EVER = Duration.ofDays(1);

    private final @Nullable InMemoryPeer peer;
    private final HttpReply reply;
    private boolean ended;

    InMemoryTestConnection(InetSocketAddress address, String method, String target, Map<String, List<String>> headers)
            throws IOException {
        HandshakeRequest.Builder request = HandshakeRequest.builder(
                        target, new InetSocketAddress(address.getAddress(), FIRST_EPHEMERAL_PORT))
                .method(method);
        headers.forEach((name, values) -> values.forEach(value -> request.header(name, value)));
        InMemoryPeer connected = null;
        HttpReply answer;
        try {
            connected = InMemoryPeer.connect(address, request.build(), Await.timeout());
            Map<String, List<String>> agreed = new LinkedHashMap<>();
            connected.subprotocol().ifPresent(name -> agreed.put("Sec-WebSocket-Protocol", List.of(name)));
            answer = new HttpReply(101, agreed, "");
        } catch (InMemoryPeer.Refused e) {
            answer = reply(e.refusal());
        } catch (InterruptedException e) {
            throw interrupted();
        }
        peer = connected;
        reply = answer;
    }

    private static HttpReply reply(Refusal refusal) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        refusal.headers().forEach((name, value) -> headers.put(name, List.of(value)));
        return new HttpReply(refusal.status(), headers, refusal.reason());
    }

    @Override
    public HttpReply reply() {
        return reply;
    }

    @Override
    public void send(int opcode, boolean fin, byte[] payload) throws IOException {
        try {
            if (opcode == 8) {
                peer.sendClose(ClosePayload.decode(payload));
            } else {
                peer.send(opcode, fin, payload);
            }
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    @Override
    public @Nullable Incoming receive() throws IOException {
        if (ended) {
            return null;
        }
        try {
            InMemoryPeer.Event event = peer.receive(FOR_EVER);
            if (event instanceof InMemoryPeer.Event.Frame frame) {
                return new Incoming(frame.opcode(), bytes(frame.payload()));
            }
            ended = true;
            if (event instanceof InMemoryPeer.Event.Closed closed && closed.clean()) {
                return new Incoming(8, ClosePayload.encode(closed.status()));
            }
            return null;
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    @Override
    public void reading(boolean on) {
        peer.reading(on);
    }

    @Override
    public void disconnect() {
        // A refused handshake has left nothing to end.
        if (peer != null) {
            peer.disconnect();
        }
    }

    private static IOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("interrupted");
    }
}
