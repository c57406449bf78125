package io.tankws.testkit;

import io.tankws.WebSocketServer;
import io.tankws.transport.memory.InMemoryTransportProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** A handshake under preparation; begins as a valid one. Not thread-safe. */
public final class TestHandshake {
    private final WebSocketServer server;
    private final String target;
    private final Map<String, List<String>> headers = new LinkedHashMap<>();
    private String method = "GET";
    private Optional<FaultProxy> proxy = Optional.empty();
    private Optional<SSLContext> trust = Optional.empty();

    TestHandshake(WebSocketServer server, String target) {
        this.server = server;
        this.target = target;
        if (server instanceof SecureServer secure) {
            trusting(secure.clientContext());
        }
        header("Host", server.address().getAddress().getHostAddress() + ":" + server.port());
        header("Upgrade", "websocket");
        header("Connection", "Upgrade");
        header("Sec-WebSocket-Version", "13");
        header("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
    }

    /**
     * Sets the method.
     *
     * @param method instead of {@code GET}
     * @return this
     */
    public TestHandshake method(String method) {
        this.method = method;
        return this;
    }

    /**
     * Adds a header.
     *
     * @param name its name
     * @param value its value
     * @return this
     */
    public TestHandshake header(String name, String value) {
        headers.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
        return this;
    }

    /**
     * Leaves a header out.
     *
     * @param name spelled as it was added
     * @return this
     */
    public TestHandshake without(String name) {
        headers.remove(name);
        return this;
    }

    /**
     * Sets the origin of the page.
     *
     * @param origin the value of the header
     * @return this
     */
    public TestHandshake origin(String origin) {
        return header("Origin", origin);
    }

    /**
     * Adds Basic credentials.
     *
     * @param username without a colon
     * @param password any
     * @return this
     */
    public TestHandshake basic(String username, String password) {
        byte[] pair = (username + ":" + password).getBytes(StandardCharsets.UTF_8);
        return header("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair));
    }

    /**
     * Goes through a proxy; of no use in memory.
     *
     * @param between leads to the server
     * @return this
     */
    public TestHandshake via(FaultProxy between) {
        proxy = Optional.of(between);
        return this;
    }

    /**
     * Encrypts, for a server that does.
     *
     * @param context trusts the server, and has the client's certificate if it shows one
     * @return this
     */
    public TestHandshake trusting(SSLContext context) {
        trust = Optional.of(context);
        return this;
    }

    /**
     * Connects.
     *
     * @return the open connection
     * @throws HandshakeRefusedException if the server does not answer 101
     */
    public TestClient connect() {
        TestConnection wire = open();
        if (wire.reply().status() != 101) {
            wire.disconnect();
            throw new HandshakeRefusedException(wire.reply());
        }
        return new TestClient(wire);
    }

    /**
     * Performs the handshake and disconnects.
     *
     * @return the reply of the server, whatever its status
     */
    public HttpReply awaitReply() {
        TestConnection wire = open();
        wire.disconnect();
        return wire.reply();
    }

    private TestConnection open() {
        try {
            return server.transport().equals(InMemoryTransportProvider.NAME)
                    ? new InMemoryTestConnection(server.address(), method, target, headers)
                    : new SocketTestConnection(proxy.map(FaultProxy::address).orElse(server.address()), head(), trust);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String head() {
        StringBuilder head = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
        headers.forEach((name, values) -> values.forEach(
                value -> head.append(name).append(": ").append(value).append("\r\n")));
        return head.append("\r\n").toString();
    }
}
