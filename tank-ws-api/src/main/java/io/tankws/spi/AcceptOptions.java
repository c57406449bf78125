package io.tankws.spi;

import io.tankws.ClientLimits;
import io.tankws.Upgrader;
import io.tankws.wire.PrintableText;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The options with which a transport completes an accepted handshake and runs its connection. Immutable. */
public final class AcceptOptions {
    /** A token of RFC 9110 section 5.6.2. Any other text could end the header that answers with it. */
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    /** {@code null} for none. */
    private final @Nullable String subprotocol;

    private final boolean compression;
    private final int readBufferSize;
    private final int writeBufferSize;
    private final int maxMessageBytes;
    private final int maxFrameBytes;
    private final int maxFragments;
    private final Duration closeTimeout;
    private final ByteShare partialMessages;

    private AcceptOptions(Builder builder) {
        subprotocol = builder.subprotocol;
        compression = builder.compression;
        readBufferSize = builder.readBufferSize;
        writeBufferSize = builder.writeBufferSize;
        maxMessageBytes = builder.maxMessageBytes;
        maxFrameBytes = builder.maxFrameBytes;
        maxFragments = builder.maxFragments;
        closeTimeout = builder.closeTimeout;
        partialMessages =
                builder.partialMessages == null ? new ByteBudget(Long.MAX_VALUE).share() : builder.partialMessages;
    }

    /** {@return a builder with the defaults of {@link Upgrader} and {@link ClientLimits}} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return a builder that starts from these options} */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.subprotocol = subprotocol;
        builder.compression = compression;
        builder.readBufferSize = readBufferSize;
        builder.writeBufferSize = writeBufferSize;
        builder.maxMessageBytes = maxMessageBytes;
        builder.maxFrameBytes = maxFrameBytes;
        builder.maxFragments = maxFragments;
        builder.closeTimeout = closeTimeout;
        builder.partialMessages = partialMessages;
        return builder;
    }

    /** {@return the subprotocol of the {@code Sec-WebSocket-Protocol} header; empty for no such header} */
    public Optional<String> subprotocol() {
        return Optional.ofNullable(subprotocol);
    }

    /** {@return whether permessage-deflate may be agreed on, if the peer offers it and the transport can bound it} */
    public boolean compression() {
        return compression;
    }

    /** {@return the size of the read buffer in bytes, a hint} */
    public int readBufferSize() {
        return readBufferSize;
    }

    /** {@return the size of the write buffer in bytes, a hint} */
    public int writeBufferSize() {
        return writeBufferSize;
    }

    /** {@return the maximum size of a message in bytes; a larger message closes the connection with 1009} */
    public int maxMessageBytes() {
        return maxMessageBytes;
    }

    /** {@return the maximum size of a frame in bytes as received; a larger frame closes the connection with 1009} */
    public int maxFrameBytes() {
        return maxFrameBytes;
    }

    /** {@return the maximum number of frames of a message; a message of more frames closes the connection with 1009} */
    public int maxFragments() {
        return maxFragments;
    }

    /**
     * Returns how long the close frame may take to leave after the peer has sent its own, and each 64 KiB before it.
     * When the time is over, the transport may disconnect the peer.
     *
     * @return a positive duration
     */
    public Duration closeTimeout() {
        return closeTimeout;
    }

    /**
     * Returns the share that the buffer of an incomplete message takes its bytes from. If fewer remain, the transport
     * closes the connection with 1013.
     *
     * @return the share of this connection
     */
    public ByteShare partialMessages() {
        return partialMessages;
    }

    /** Collects the options. Not thread-safe. */
    public static final class Builder {
        private @Nullable String subprotocol;
        private boolean compression;
        private int readBufferSize = Upgrader.defaults().readBufferSize();
        private int writeBufferSize = Upgrader.defaults().writeBufferSize();
        private int maxMessageBytes = ClientLimits.defaults().maxMessageBytes();
        private int maxFrameBytes = ClientLimits.defaults().maxFrameBytes();
        private int maxFragments = ClientLimits.defaults().maxFragments();
        private Duration closeTimeout = ClientLimits.defaults().closeTimeout();
        private @Nullable ByteShare partialMessages;

        private Builder() {}

        /**
         * Configures the subprotocol. By default the answer names none.
         *
         * @param name a token (RFC 6455 section 4.2.2)
         * @return this
         * @throws IllegalArgumentException if the name is not a token
         */
        public Builder subprotocol(String name) {
            if (!TOKEN.matcher(name).matches()) {
                throw new IllegalArgumentException(
                        "a subprotocol must be a token as in RFC 9110, but was " + PrintableText.escape(name));
            }
            subprotocol = name;
            return this;
        }

        /**
         * Configures whether permessage-deflate may be agreed on. The default is {@code false}.
         *
         * @param allowed whether it may
         * @return this
         */
        public Builder compression(boolean allowed) {
            compression = allowed;
            return this;
        }

        /**
         * Configures the sizes of buffers, which are hints. The default of each is 4096.
         *
         * @param read bytes that are read at once
         * @param write bytes of compressed messages that are written at once
         * @return this
         */
        public Builder bufferSizes(int read, int write) {
            readBufferSize = read;
            writeBufferSize = write;
            return this;
        }

        /**
         * Configures the maximum size of a message. The default is that of {@link ClientLimits}.
         *
         * @param bytes a positive number of bytes
         * @return this
         */
        public Builder maxMessageBytes(int bytes) {
            maxMessageBytes = bytes;
            return this;
        }

        /**
         * Configures the maximum size of a frame. The default is that of {@link ClientLimits}.
         *
         * @param bytes a positive number of bytes
         * @return this
         */
        public Builder maxFrameBytes(int bytes) {
            maxFrameBytes = bytes;
            return this;
        }

        /**
         * Configures the maximum number of frames of a message. The default is that of {@link ClientLimits}.
         *
         * @param frames a positive number
         * @return this
         */
        public Builder maxFragments(int frames) {
            maxFragments = frames;
            return this;
        }

        /**
         * Configures the maximum time of a close handshake. The default is that of {@link ClientLimits}.
         *
         * @param timeout a positive duration
         * @return this
         */
        public Builder closeTimeout(Duration timeout) {
            closeTimeout = Objects.requireNonNull(timeout, "timeout");
            return this;
        }

        /**
         * Configures the share that the buffers of incomplete messages take their bytes from. By default they are not
         * limited.
         *
         * @param share the share of this connection
         * @return this
         */
        public Builder partialMessages(ByteShare share) {
            partialMessages = Objects.requireNonNull(share, "share");
            return this;
        }

        /** {@return immutable options} */
        public AcceptOptions build() {
            return new AcceptOptions(this);
        }
    }
}
