package io.tankws;

import java.util.List;
import java.util.Objects;

/**
 * The configuration of how handshakes become connections. It replaces the custom upgrader of the Go library. Immutable.
 */
public final class Upgrader {
    private static final int MIN_BUFFER_SIZE = 256;
    private static final int MAX_BUFFER_SIZE = 1024 * 1024;
    private static final Upgrader DEFAULTS =
            new Upgrader(4096, 4096, OriginRule.sameOrigin(), List.of(), Compression.OFF, HostRule.defaults());

    private final int readBufferSize;
    private final int writeBufferSize;
    private final OriginRule originRule;
    private final List<String> subprotocols;
    private final Compression compressionUse;
    private final HostRule hostRule;

    private Upgrader(
            int readBufferSize,
            int writeBufferSize,
            OriginRule originRule,
            List<String> subprotocols,
            Compression compressionUse,
            HostRule hostRule) {
        this.readBufferSize = checkedSize("readBufferSize", readBufferSize);
        this.writeBufferSize = checkedSize("writeBufferSize", writeBufferSize);
        this.originRule = Objects.requireNonNull(originRule, "originRule");
        this.subprotocols = subprotocols;
        this.compressionUse = Objects.requireNonNull(compressionUse, "compressionUse");
        this.hostRule = Objects.requireNonNull(hostRule, "hostRule");
    }

    private static int checkedSize(String name, int size) {
        if (size < MIN_BUFFER_SIZE || size > MAX_BUFFER_SIZE) {
            throw new IllegalArgumentException(name + " must be between 256 and 1048576 bytes, but was " + size);
        }
        return size;
    }

    private static List<String> checkedSubprotocols(String... names) {
        for (String name : names) {
            if (!HttpSyntax.isToken(name)) {
                // The text does not repeat the name, which may hold line ends.
                throw new IllegalArgumentException("a subprotocol must be a token as in RFC 9110");
            }
        }
        return List.of(names);
    }

    /**
     * Returns the defaults: buffers of 4096 bytes, {@link OriginRule#sameOrigin()}, no subprotocol, no compression, and
     * {@link HostRule#defaults()}.
     *
     * @return the same value at each call
     */
    public static Upgrader defaults() {
        return DEFAULTS;
    }

    /**
     * Configures how many bytes are read from a socket at once. The default is 4096. This is a hint, which the Jetty
     * transport follows from 1024 bytes on. A server on a transport that ignores it logs that once for each path.
     *
     * @param bytes 256 to 1048576
     * @return a changed copy
     * @throws IllegalArgumentException if the size is out of range
     */
    public Upgrader withReadBufferSize(int bytes) {
        return new Upgrader(bytes, writeBufferSize, originRule, subprotocols, compressionUse, hostRule);
    }

    /**
     * Configures how many bytes of compressed messages are written to a socket at once. The default is 4096. This is a
     * hint like {@link #withReadBufferSize}. Messages that are not compressed are written without this buffer.
     *
     * @param bytes 256 to 1048576
     * @return a changed copy
     * @throws IllegalArgumentException if the size is out of range
     */
    public Upgrader withWriteBufferSize(int bytes) {
        return new Upgrader(readBufferSize, bytes, originRule, subprotocols, compressionUse, hostRule);
    }

    /**
     * Configures which pages may connect. The default is {@link OriginRule#sameOrigin()}. Handshakes of other pages get
     * status 403.
     *
     * @param rule the rule
     * @return a changed copy
     */
    public Upgrader withOriginRule(OriginRule rule) {
        return new Upgrader(readBufferSize, writeBufferSize, rule, subprotocols, compressionUse, hostRule);
    }

    /**
     * Configures the subprotocols that the server speaks (RFC 6455 sections 1.9 and 4.2.2). The default is none. The
     * server chooses the first of them that the peer offers, whatever the order of the peer. It chooses none if the
     * peer offers none of them.
     *
     * @param names tokens, the preferred one first
     * @return a changed copy
     * @throws IllegalArgumentException if a name is not an HTTP token
     */
    public Upgrader withSubprotocols(String... names) {
        List<String> checked = checkedSubprotocols(names);
        return new Upgrader(readBufferSize, writeBufferSize, originRule, checked, compressionUse, hostRule);
    }

    /**
     * Configures whether messages are compressed where the transport can do it. The default is {@code false}. A
     * server on a transport that cannot compress logs a warning.
     *
     * @param on {@code true} for {@link Compression#IF_AVAILABLE}, {@code false} for {@link Compression#OFF}
     * @return a changed copy
     */
    public Upgrader withCompression(boolean on) {
        return withCompression(on ? Compression.IF_AVAILABLE : Compression.OFF);
    }

    /**
     * Configures the use of permessage-deflate (RFC 7692). The default is {@link Compression#OFF}. Among the
     * transports of this library, only Jetty can bound it.
     *
     * @param use use of compression
     * @return a changed copy
     */
    public Upgrader withCompression(Compression use) {
        return new Upgrader(readBufferSize, writeBufferSize, originRule, subprotocols, use, hostRule);
    }

    /**
     * Configures the names that the server answers to. The default is {@link HostRule#defaults()}. The rule is applied
     * before the origin rule. Handshakes for other names get status 421.
     *
     * @param rule the rule
     * @return a changed copy
     */
    public Upgrader withHostRule(HostRule rule) {
        return new Upgrader(readBufferSize, writeBufferSize, originRule, subprotocols, compressionUse, rule);
    }

    /** {@return the size of the read buffer in bytes; see {@link #withReadBufferSize}} */
    public int readBufferSize() {
        return readBufferSize;
    }

    /** {@return the size of the write buffer in bytes; see {@link #withWriteBufferSize}} */
    public int writeBufferSize() {
        return writeBufferSize;
    }

    /** {@return the rule for the pages that may connect; see {@link #withOriginRule}} */
    public OriginRule originRule() {
        return originRule;
    }

    /** {@return the subprotocols, the preferred one first; immutable} */
    public List<String> subprotocols() {
        return subprotocols;
    }

    /**
     * {@return whether permessage-deflate is accepted where the transport can; {@code false} for {@link
     * Compression#OFF}}
     */
    public boolean compression() {
        return compressionUse != Compression.OFF;
    }

    /** {@return the use of permessage-deflate; see {@link #withCompression(Compression)}} */
    public Compression compressionUse() {
        return compressionUse;
    }

    /** {@return the rule for the names that the server answers to; see {@link #withHostRule}} */
    public HostRule hostRule() {
        return hostRule;
    }
}
