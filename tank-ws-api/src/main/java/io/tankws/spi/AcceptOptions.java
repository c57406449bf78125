package io.tankws.spi;

import io.tankws.Limits;
import io.tankws.wire.PrintableText;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The terms on which a handshake is accepted.
 *
 * @param subprotocol answered in {@code Sec-WebSocket-Protocol}; empty for no such header
 * @param compression whether permessage-deflate may be agreed on, if the peer offers it and the transport can bound
 *     it
 * @param readBufferSize bytes, a hint
 * @param writeBufferSize bytes, a hint
 * @param maxMessageBytes a larger message of the peer closes the connection with 1009
 * @param maxFrameBytes a larger frame of the peer, before any inflating, closes the connection with 1009
 * @param maxFragments a message of more fragments closes the connection with 1009
 * @param closeTimeout how long the close frame may take to leave after the peer has sent its own, and each 64 KiB
 *     before it; then the peer may be disconnected
 * @param partialMessages a message received in part takes the bytes of its buffer from here; if fewer remain, the
 *     connection is closed with 1013
 */
public record AcceptOptions(
        Optional<String> subprotocol,
        boolean compression,
        int readBufferSize,
        int writeBufferSize,
        int maxMessageBytes,
        int maxFrameBytes,
        int maxFragments,
        Duration closeTimeout,
        ByteShare partialMessages) {
    /** As in RFC 9110 section 5.6.2. Anything else would end the header that it is answered in. */
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    /**
     * Checks.
     *
     * @param subprotocol {@link #subprotocol()}
     * @param compression {@link #compression()}
     * @param readBufferSize {@link #readBufferSize()}
     * @param writeBufferSize {@link #writeBufferSize()}
     * @param maxMessageBytes {@link #maxMessageBytes()}
     * @param maxFrameBytes {@link #maxFrameBytes()}
     * @param maxFragments {@link #maxFragments()}
     * @param closeTimeout {@link #closeTimeout()}
     * @param partialMessages {@link #partialMessages()}
     * @throws IllegalArgumentException if the subprotocol is no token (RFC 6455 section 4.2.2)
     */
    public AcceptOptions {
        Objects.requireNonNull(closeTimeout, "closeTimeout");
        Objects.requireNonNull(partialMessages, "partialMessages");
        subprotocol.ifPresent(name -> {
            if (!TOKEN.matcher(name).matches()) {
                throw new IllegalArgumentException(
                        "a subprotocol must be a token as in RFC 9110, but was " + PrintableText.escape(name));
            }
        });
    }

    /**
     * Bounds frames by the message alone, and messages received in part by nothing else. Takes the default of
     * {@link Limits#closeTimeout()}.
     *
     * @param subprotocol {@link #subprotocol()}
     * @param compression {@link #compression()}
     * @param readBufferSize {@link #readBufferSize()}
     * @param writeBufferSize {@link #writeBufferSize()}
     * @param maxMessageBytes {@link #maxMessageBytes()}
     * @param maxFragments {@link #maxFragments()}
     * @throws IllegalArgumentException if the subprotocol is no token (RFC 6455 section 4.2.2)
     */
    public AcceptOptions(
            Optional<String> subprotocol,
            boolean compression,
            int readBufferSize,
            int writeBufferSize,
            int maxMessageBytes,
            int maxFragments) {
        this(
                subprotocol,
                compression,
                readBufferSize,
                writeBufferSize,
                maxMessageBytes,
                Limits.UNLIMITED,
                maxFragments,
                Limits.defaults().closeTimeout(),
                new ByteBudget(Long.MAX_VALUE).share());
    }
}
