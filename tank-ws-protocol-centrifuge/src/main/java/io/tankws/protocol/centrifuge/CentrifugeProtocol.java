package io.tankws.protocol.centrifuge;

import io.tankws.protocol.centrifuge.frame.Encoding;
import io.tankws.spi.ClientProtocol;
import io.tankws.spi.ProtocolConnection;
import io.tankws.spi.ProtocolSession;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The Centrifuge client protocol in JSON and in Protobuf. {@link io.tankws.Manager#endpoint(ClientProtocol)} makes a
 * handler of a route. Immutable and thread-safe.
 *
 * <p>A client that offers the subprotocol {@value #PROTOBUF_SUBPROTOCOL}, or that has {@code format=protobuf} in its
 * query, speaks Protobuf. Every other client speaks JSON. The protocol does not offer patches (delta), filters by tags,
 * maps and shared polls.
 */
public final class CentrifugeProtocol implements ClientProtocol {
    /** The subprotocol of clients that speak Protobuf. */
    public static final String PROTOBUF_SUBPROTOCOL = "centrifuge-protobuf";

    /** The subprotocol of clients that speak JSON, if they name one. */
    public static final String JSON_SUBPROTOCOL = "centrifuge-json";

    private static final List<String> SUBPROTOCOLS = List.of(PROTOBUF_SUBPROTOCOL, JSON_SUBPROTOCOL);
    private static final String PROTOBUF = "protobuf";

    private final Map<Encoding, PublicationEncoding> encodings = Map.of(
            Encoding.JSON, new PublicationEncoding(Encoding.JSON),
            Encoding.PROTOBUF, new PublicationEncoding(Encoding.PROTOBUF));

    /** Decision about clients, or {@code null} if the authenticator of the manager decides. */
    private final @Nullable ConnectAuthenticator authenticator;

    private final Map<String, RpcHandler> methods;
    private final Duration pingInterval;
    private final Duration pongTimeout;
    private final Duration expiryGrace;
    private final int maxHistoryPage;

    private CentrifugeProtocol(Builder builder) {
        authenticator = builder.authenticator;
        methods = Map.copyOf(builder.methods);
        pingInterval = builder.pingInterval;
        pongTimeout = builder.pongTimeout;
        expiryGrace = builder.expiryGrace;
        maxHistoryPage = builder.maxHistoryPage;
        if (!pongTimeout.isZero() && pongTimeout.compareTo(pingInterval) >= 0) {
            throw new IllegalArgumentException(
                    "pongTimeout must be shorter than pingInterval, but was " + pongTimeout + " of " + pingInterval);
        }
    }

    /** Creates a protocol with the defaults of the builder. */
    public CentrifugeProtocol() {
        this(new Builder());
    }

    /** {@return a builder that starts from the defaults} */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public String name() {
        return "centrifuge";
    }

    @Override
    public List<String> subprotocols() {
        return SUBPROTOCOLS;
    }

    @Override
    public boolean authenticatesAfterHandshake() {
        return true;
    }

    @Override
    public ProtocolSession open(ProtocolConnection connection) {
        Encoding encoding = encodingOf(connection);
        PublicationEncoding publications = Objects.requireNonNull(encodings.get(encoding));
        return new CentrifugeSession(this, connection, publications);
    }

    private static Encoding encodingOf(ProtocolConnection connection) {
        boolean isProtobuf = connection.subprotocol().equals(Optional.of(PROTOBUF_SUBPROTOCOL))
                || hasParameter(connection, "format")
                || hasParameter(connection, "cf_protocol");
        return isProtobuf ? Encoding.PROTOBUF : Encoding.JSON;
    }

    private static boolean hasParameter(ProtocolConnection connection, String name) {
        return connection.handshakeRequest().queryParameter(name).equals(Optional.of(PROTOBUF));
    }

    Optional<ConnectAuthenticator> authenticator() {
        return Optional.ofNullable(authenticator);
    }

    Map<String, RpcHandler> methods() {
        return methods;
    }

    Duration pingInterval() {
        return pingInterval;
    }

    /** Returns the time to answer a ping, or zero if clients do not answer pings. */
    Duration pongTimeout() {
        return pongTimeout;
    }

    Duration expiryGrace() {
        return expiryGrace;
    }

    int maxHistoryPage() {
        return maxHistoryPage;
    }

    /** Collects the options of a protocol. Not thread-safe. */
    public static final class Builder {
        private static final Duration MAX_INTERVAL = Duration.ofHours(1);

        private @Nullable ConnectAuthenticator authenticator;
        private final Map<String, RpcHandler> methods = new HashMap<>();
        private Duration pingInterval = Duration.ofSeconds(25);
        private Duration pongTimeout = Duration.ofSeconds(10);
        private Duration expiryGrace = Duration.ofSeconds(25);
        private int maxHistoryPage = 300;

        private Builder() {}

        /**
         * Configures the decision about clients by their connect request. By default the {@link
         * io.tankws.Authenticator} of the manager decides by the handshake request, and does not see the token.
         *
         * @param authenticator the decision
         * @return this builder
         */
        public Builder connectAuthenticator(ConnectAuthenticator authenticator) {
            this.authenticator = Objects.requireNonNull(authenticator, "authenticator");
            return this;
        }

        /**
         * Adds a method that clients may call. Without any method, each call fails with error 108.
         *
         * @param method the name of the method
         * @param handler its code
         * @return this builder
         */
        public Builder rpc(String method, RpcHandler handler) {
            methods.put(Objects.requireNonNull(method, "method"), Objects.requireNonNull(handler, "handler"));
            return this;
        }

        /**
         * Configures how often the server sends a ping. The default is 25 seconds. Every SDK expects pings and
         * reconnects without them.
         *
         * @param interval whole seconds, at least 1, at most 1 hour
         * @return this builder
         * @throws IllegalArgumentException if the interval is out of range
         */
        public Builder pingInterval(Duration interval) {
            if (interval.toSeconds() < 1 || interval.toNanosPart() != 0 || interval.compareTo(MAX_INTERVAL) > 0) {
                throw new IllegalArgumentException("pingInterval must be whole seconds from 1 to "
                        + MAX_INTERVAL.toSeconds() + ", but was " + interval);
            }
            pingInterval = interval;
            return this;
        }

        /**
         * Configures how long a client may take to answer a ping. The default is 10 seconds. When the time is over,
         * the connection is closed.
         *
         * @param timeout less than the interval of pings, or zero if clients do not answer pings
         * @return this builder
         * @throws IllegalArgumentException if the timeout is negative
         */
        public Builder pongTimeout(Duration timeout) {
            pongTimeout = notNegative("pongTimeout", timeout);
            return this;
        }

        /**
         * Configures how long a connection and a subscription continue after their expiry, so that the client can
         * bring a new token. The default is 25 seconds.
         *
         * @param grace zero or more
         * @return this builder
         * @throws IllegalArgumentException if the time is negative
         */
        public Builder expiryGrace(Duration grace) {
            expiryGrace = notNegative("expiryGrace", grace);
            return this;
        }

        /**
         * Configures the maximum number of publications in the reply to a history request. The default is 300. A
         * client that asks for more gets this many.
         *
         * @param max at least 1
         * @return this builder
         * @throws IllegalArgumentException if the number is less than 1
         */
        public Builder maxHistoryPage(int max) {
            if (max < 1) {
                throw new IllegalArgumentException("maxHistoryPage must be at least 1, but was " + max);
            }
            maxHistoryPage = max;
            return this;
        }

        private static Duration notNegative(String name, Duration value) {
            if (value.isNegative()) {
                throw new IllegalArgumentException(name + " must be zero or more, but was " + value);
            }
            return value;
        }

        /**
         * Returns the protocol.
         *
         * @return an immutable protocol
         * @throws IllegalArgumentException if the timeout of pongs is not shorter than the interval of pings
         */
        public CentrifugeProtocol build() {
            return new CentrifugeProtocol(this);
        }
    }
}
