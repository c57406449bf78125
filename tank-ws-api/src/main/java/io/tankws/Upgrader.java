package io.tankws;

import java.util.List;
import java.util.Objects;

/**
 * How handshakes are turned into connections: the Go library's custom upgrader.
 *
 * @param readBufferSize bytes read from a socket at once, 256 to 1 MiB; a hint that the Jetty transport follows from 1024
 *     on. A server on a transport that cannot follow it logs that once for each path
 * @param writeBufferSize bytes of compressed messages written to a socket at once, 256 to 1 MiB; a hint, as above. Messages
 *     that are not compressed are written from where they are, without this buffer
 * @param originRule which pages may connect
 * @param subprotocols what the server speaks, best first (RFC 6455 sections 1.9 and 4.2.2); the first of these that the
 *     peer offers is chosen, whatever the peer's order; none if there is no match
 * @param compressionUse whether permessage-deflate (RFC 7692) is accepted, and what happens on a transport that cannot bound
 *     it: Jetty alone can
 * @param hostRule the names that the server answers to
 */
public record Upgrader(
        int readBufferSize,
        int writeBufferSize,
        OriginRule originRule,
        List<String> subprotocols,
        Compression compressionUse,
        HostRule hostRule) {
    private static final Upgrader DEFAULTS =
            new Upgrader(4096, 4096, OriginRule.sameOrigin(), List.of(), Compression.OFF, HostRule.defaults());

    /**
     * Checks and copies.
     *
     * @param readBufferSize {@link #readBufferSize()}
     * @param writeBufferSize {@link #writeBufferSize()}
     * @param originRule {@link #originRule()}
     * @param subprotocols {@link #subprotocols()}
     * @param compressionUse {@link #compressionUse()}
     * @param hostRule {@link #hostRule()}
     * @throws IllegalArgumentException if a buffer size is out of range or a subprotocol is no HTTP token
     */
    public Upgrader {
        checkSize("readBufferSize", readBufferSize);
        checkSize("writeBufferSize", writeBufferSize);
        Objects.requireNonNull(originRule, "originRule");
        Objects.requireNonNull(compressionUse, "compressionUse");
        Objects.requireNonNull(hostRule, "hostRule");
        subprotocols = List.copyOf(subprotocols);
        subprotocols.forEach(name -> {
            if (!HttpSyntax.isToken(name)) {
                // Not repeated: it may hold line ends.
                throw new IllegalArgumentException("a subprotocol must be a token as in RFC 9110");
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

    /**
     * Creates an upgrader that compresses where the transport can, or never.
     *
     * @param readBufferSize {@link #readBufferSize()}
     * @param writeBufferSize {@link #writeBufferSize()}
     * @param originRule {@link #originRule()}
     * @param subprotocols {@link #subprotocols()}
     * @param compression {@link #compression()}
     * @param hostRule {@link #hostRule()}
     * @throws IllegalArgumentException if a buffer size is out of range or a subprotocol is no HTTP token
     */
    public Upgrader(
            int readBufferSize,
            int writeBufferSize,
            OriginRule originRule,
            List<String> subprotocols,
            boolean compression,
            HostRule hostRule) {
        this(readBufferSize, writeBufferSize, originRule, subprotocols, use(compression), hostRule);
    }

    private static Compression use(boolean compression) {
        return compression ? Compression.IF_AVAILABLE : Compression.OFF;
    }

    /**
     * Returns whether permessage-deflate is accepted where the transport can.
     *
     * @return {@code false} for {@link Compression#OFF}
     */
    public boolean compression() {
        return compressionUse != Compression.OFF;
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
        return new Upgrader(bytes, writeBufferSize, originRule, subprotocols, compressionUse, hostRule);
    }

    /**
     * Changes the write buffer.
     *
     * @param bytes 256 to 1 MiB
     * @return a changed copy
     */
    public Upgrader withWriteBufferSize(int bytes) {
        return new Upgrader(readBufferSize, bytes, originRule, subprotocols, compressionUse, hostRule);
    }

    /**
     * Changes which pages may connect.
     *
     * @param rule the rule
     * @return a changed copy
     */
    public Upgrader withOriginRule(OriginRule rule) {
        return new Upgrader(readBufferSize, writeBufferSize, rule, subprotocols, compressionUse, hostRule);
    }

    /**
     * Changes the subprotocols.
     *
     * @param names best first: the first of these that a peer offers is chosen
     * @return a changed copy
     */
    public Upgrader withSubprotocols(String... names) {
        return new Upgrader(readBufferSize, writeBufferSize, originRule, List.of(names), compressionUse, hostRule);
    }

    /**
     * Turns compression on, where the transport can, or off. A server on a transport that cannot logs a warning.
     *
     * @param on {@code true} for {@link Compression#IF_AVAILABLE}, {@code false} for {@link Compression#OFF}
     * @return a changed copy
     */
    public Upgrader withCompression(boolean on) {
        return withCompression(use(on));
    }

    /**
     * Changes how messages are compressed.
     *
     * @param use instead of {@link Compression#OFF}
     * @return a changed copy
     */
    public Upgrader withCompression(Compression use) {
        return new Upgrader(readBufferSize, writeBufferSize, originRule, subprotocols, use, hostRule);
    }

    /**
     * Configures the names that the server answers to. The default is {@link HostRule#defaults()}.
     *
     * @param rule applied before the origin rule
     * @return a changed copy
     */
    public Upgrader withHostRule(HostRule rule) {
        return new Upgrader(readBufferSize, writeBufferSize, originRule, subprotocols, compressionUse, rule);
    }
}
