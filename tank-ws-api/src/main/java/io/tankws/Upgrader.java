package io.tankws;

import java.util.List;
import java.util.Objects;

/**
 * How handshakes are turned into connections: the Go library's custom upgrader.
 *
 * @param readBufferSize bytes read from a socket at once, 256 to 1 MiB; a hint that the Java-WebSocket transport
 *     cannot follow per connection
 * @param writeBufferSize bytes written to a socket at once, 256 to 1 MiB; a hint, as above
 * @param originRule which pages may connect
 * @param subprotocols what the server speaks, best first (RFC 6455 section 1.9); of a peer's offers the first that is
 *     listed here is chosen, none if there is no match
 * @param compression whether permessage-deflate (RFC 7692) is accepted where the transport can bound it: Jetty only
 * @param hostRule the names that the server answers to
 */
public record Upgrader(
        int readBufferSize,
        int writeBufferSize,
        OriginRule originRule,
        List<String> subprotocols,
        boolean compression,
        HostRule hostRule) {
    private static final Upgrader DEFAULTS =
            new Upgrader(4096, 4096, OriginRule.sameOrigin(), List.of(), false, HostRule.defaults());

    /**
     * Checks and copies.
     *
     * @param readBufferSize {@link #readBufferSize()}
     * @param writeBufferSize {@link #writeBufferSize()}
     * @param originRule {@link #originRule()}
     * @param subprotocols {@link #subprotocols()}
     * @param compression {@link #compression()}
     * @param hostRule {@link #hostRule()}
     * @throws IllegalArgumentException if a buffer size is out of range or a subprotocol is no HTTP token
     */
    public Upgrader {
        checkSize("readBufferSize", readBufferSize);
        checkSize("writeBufferSize", writeBufferSize);
        Objects.requireNonNull(originRule, "originRule");
        Objects.requireNonNull(hostRule, "hostRule");
        subprotocols = List.copyOf(subprotocols);
        subprotocols.forEach(name -> {
            if (!HttpText.isToken(name)) {
                throw new IllegalArgumentException("not a subprotocol name: " + name);
            }
        });
    }

    /**
     * Creates an upgrader with {@link HostRule#defaults()}.
     *
     * @param readBufferSize {@link #readBufferSize()}
     * @param writeBufferSize {@link #writeBufferSize()}
     * @param originRule {@link #originRule()}
     * @param subprotocols {@link #subprotocols()}
     * @param compression {@link #compression()}
     * @throws IllegalArgumentException if a buffer size is out of range or a subprotocol is no HTTP token
     */
    public Upgrader(
            int readBufferSize,
            int writeBufferSize,
            OriginRule originRule,
            List<String> subprotocols,
            boolean compression) {
        this(readBufferSize, writeBufferSize, originRule, subprotocols, compression, HostRule.defaults());
    }

    private static void checkSize(String name, int size) {
        if (size < 256 || size > 1 << 20) {
            throw new IllegalArgumentException(name + " is within 256 and 1048576 bytes, not " + size);
        }
    }

    /**
     * Returns the defaults: buffers of 4096 bytes, same origin, no subprotocol, no compression, {@link HostRule#defaults()}.
     *
     * @return the same value at each call
     */
    public static Upgrader defaults() {
        return DEFAULTS;
    }

    /**
     * Changes the read buffer.
     *
     * @param bytes 256 to 1 MiB
     * @return a changed copy
     */
    public Upgrader withReadBufferSize(int bytes) {
        return new Upgrader(bytes, writeBufferSize, originRule, subprotocols, compression, hostRule);
    }

    /**
     * Changes the write buffer.
     *
     * @param bytes 256 to 1 MiB
     * @return a changed copy
     */
    public Upgrader withWriteBufferSize(int bytes) {
        return new Upgrader(readBufferSize, bytes, originRule, subprotocols, compression, hostRule);
    }

    /**
     * Changes which pages may connect.
     *
     * @param rule the rule
     * @return a changed copy
     */
    public Upgrader withOriginRule(OriginRule rule) {
        return new Upgrader(readBufferSize, writeBufferSize, rule, subprotocols, compression, hostRule);
    }

    /**
     * Changes the subprotocols.
     *
     * @param names best first
     * @return a changed copy
     */
    public Upgrader withSubprotocols(String... names) {
        return new Upgrader(readBufferSize, writeBufferSize, originRule, List.of(names), compression, hostRule);
    }

    /**
     * Turns compression on or off.
     *
     * @param on whether permessage-deflate is accepted
     * @return a changed copy
     */
    public Upgrader withCompression(boolean on) {
        return new Upgrader(readBufferSize, writeBufferSize, originRule, subprotocols, on, hostRule);
    }

    /**
     * Configures the names that the server answers to. The default is {@link HostRule#defaults()}.
     *
     * @param rule applied before the origin rule
     * @return a changed copy
     */
    public Upgrader withHostRule(HostRule rule) {
        return new Upgrader(readBufferSize, writeBufferSize, originRule, subprotocols, compression, rule);
    }
}
