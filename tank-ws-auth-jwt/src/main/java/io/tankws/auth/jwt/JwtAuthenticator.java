package io.tankws.auth.jwt;

import io.tankws.Authentication;
import io.tankws.Authenticator;
import io.tankws.HandshakeRequest;
import io.tankws.Identity;
import io.tankws.Payload;
import io.tankws.Refusal;
import io.tankws.TopicAction;
import io.tankws.TopicAuthorizer;
import io.tankws.TopicDecision;
import io.tankws.TopicRequest;
import io.tankws.auth.jwt.TokenException.Reason;
import io.tankws.protocol.centrifuge.CentrifugeException;
import io.tankws.protocol.centrifuge.ConnectAttempt;
import io.tankws.protocol.centrifuge.ConnectAuthenticator;
import io.tankws.protocol.centrifuge.ConnectDecision;
import java.net.URI;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An authenticator of clients by JSON Web Tokens (RFC 7519) with the claims of Centrifugo. Immutable and thread-safe.
 *
 * <p>A token is accepted only if its algorithm belongs to the kind of a configured key: HS256, HS384 and HS512 to a
 * secret, RS256, RS384 and RS512 to an RSA key, and ES256, ES384 or ES512 to an EC key by its curve.
 *
 * <p>The claim {@code sub} is the user, {@code info} or {@code b64info} its information for other clients, and {@code
 * meta} becomes the attribute {@value #META}. The identity expires at {@code expire_at}, which may be 0 for never, or
 * else at {@code exp}. The server subscribes the client to the topics in {@code channels} and {@code subs}; the options
 * in {@code subs} are not supported.
 *
 * <p>A token with the claim {@code channel} is for a subscription and authenticates no connection.
 */
// This file is longer than 400 lines because the builder documents each of its settings.
public final class JwtAuthenticator implements ConnectAuthenticator {
    /** The attribute of the identity that holds the claim {@code meta} as a {@link Payload}. */
    public static final String META = "meta";

    private static final String BEARER = "Bearer ";
    private static final int INTERNAL_ERROR = 100;

    private final TokenVerifier verifier;
    /** User of tokens without a user, or {@code null} if they are invalid. */
    private final @Nullable String anonymousUser;

    private final Duration leeway;

    private JwtAuthenticator(Builder builder) {
        verifier = new TokenVerifier(builder, builder.remoteKeys());
        anonymousUser = builder.anonymousUser;
        leeway = builder.leeway;
    }

    /** {@return a builder without keys} */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Decides on a client of the Centrifuge protocol. May block while the set of keys is fetched.
     *
     * @param attempt the request with the token
     * @return an acceptance; {@link ConnectDecision#invalidToken()}; or a failure, which is {@link
     *     CentrifugeException#TOKEN_EXPIRED}, or a temporary error if the set of keys cannot be fetched
     */
    @Override
    public CompletionStage<ConnectDecision> authenticate(ConnectAttempt attempt) {
        try {
            Connection connection = connection(attempt.token());
            return CompletableFuture.completedFuture(
                    ConnectDecision.accepted(connection.identity()).withTopics(connection.topics()));
        } catch (TokenException e) {
            return e.reason() == Reason.INVALID
                    ? CompletableFuture.completedFuture(ConnectDecision.invalidToken())
                    : CompletableFuture.failedFuture(error(e));
        }
    }

    /**
     * Returns an authenticator of handshakes whose header {@code Authorization} has a token of the scheme Bearer (RFC
     * 6750). Topics in a token have no effect. Without a valid token the peer gets status 401, or 503 if the set of
     * keys cannot be fetched.
     *
     * @return an authenticator for {@link io.tankws.Manager#setAuthenticator}; it may block while keys are fetched
     */
    public Authenticator handshakeAuthenticator() {
        return Authenticator.of(request -> decide(bearer(request)));
    }

    /**
     * Returns an authenticator as {@link #handshakeAuthenticator()} does, which also accepts the token as a parameter
     * of the query, because browsers cannot set headers. Proxies may log the query. The header has precedence.
     *
     * @param queryParameter the name of the parameter
     * @return an authenticator
     */
    public Authenticator handshakeAuthenticator(String queryParameter) {
        Objects.requireNonNull(queryParameter, "queryParameter");
        return Authenticator.of(request -> decide(bearer(request).or(() -> request.queryParameter(queryParameter))));
    }

    /**
     * Returns an authorizer that allows subscriptions with a valid token only, and denies every other action.
     *
     * @return an authorizer
     */
    public TopicAuthorizer topicAuthorizer() {
        return topicAuthorizer(
                TopicAuthorizer.of(request -> TopicDecision.denied("a token for the topic is required")));
    }

    /**
     * Returns an authorizer that decides on subscriptions with a token. The claim {@code channel} must be the topic,
     * {@code sub} the user of the client, and {@code client}, if there is one, the id of the client. The permission
     * has the {@code info} of the token and expires at {@code expire_at} or {@code exp}.
     *
     * <p>If the token has expired, the stage fails with {@link CentrifugeException#TOKEN_EXPIRED}, after which an SDK
     * fetches another token.
     *
     * @param otherwise the decision about requests without a token, for instance when a permission has expired, and
     *     about other actions
     * @return an authorizer; it may block while keys are fetched
     */
    public TopicAuthorizer topicAuthorizer(TopicAuthorizer otherwise) {
        Objects.requireNonNull(otherwise, "otherwise");
        return request ->
                request.action() == TopicAction.SUBSCRIBE && request.token().isPresent()
                        ? decide(request, request.token().get())
                        : otherwise.authorize(request);
    }

    /** The meaning of a token for a connection. */
    private record Connection(Identity identity, Set<String> topics) {}

    private Connection connection(String token) throws TokenException {
        TokenClaims claims = verifier.verify(token);
        // A token for a subscription names the same user, but its issuer has not allowed a connection with it.
        if (claims.channel().isPresent()) {
            throw new TokenException(Reason.INVALID);
        }
        Identity identity = new Identity(user(claims));
        Optional<Instant> expiry = expiry(claims);
        if (expiry.isPresent()) {
            identity = identity.withExpiry(expiry.get());
        }
        if (claims.meta().isPresent()) {
            identity = identity.withAttributes(Map.of(META, claims.meta().get()));
        }
        Optional<Payload> info = claims.info();
        return new Connection(info.isEmpty() ? identity : withInfo(identity::withInfo, info.get()), claims.topics());
    }

    private String user(TokenClaims claims) throws TokenException {
        if (!claims.subject().isEmpty()) {
            return claims.subject();
        }
        if (anonymousUser == null) {
            throw new TokenException(Reason.INVALID);
        }
        return anonymousUser;
    }

    private Optional<Instant> expiry(TokenClaims claims) throws TokenException {
        Optional<Instant> expiry = claims.expiry().map(time -> time.plus(leeway));
        if (expiry.isPresent() && !Instant.now().isBefore(expiry.get())) {
            throw new TokenException(Reason.EXPIRED);
        }
        return expiry;
    }

    private static <T> T withInfo(Function<Payload, T> change, Payload info) throws TokenException {
        try {
            return change.apply(info);
        } catch (IllegalArgumentException tooLarge) {
            throw new TokenException(Reason.INVALID);
        }
    }

    private static CentrifugeException error(TokenException e) {
        return e.reason() == Reason.EXPIRED
                ? CentrifugeException.of(CentrifugeException.TOKEN_EXPIRED, "token expired")
                : CentrifugeException.temporary(INTERNAL_ERROR, "internal server error");
    }

    private static Optional<String> bearer(HandshakeRequest request) {
        return request.header("Authorization")
                .filter(header -> header.regionMatches(true, 0, BEARER, 0, BEARER.length()))
                .map(header -> header.substring(BEARER.length()).strip());
    }

    private Authentication decide(Optional<String> token) {
        if (token.isEmpty()) {
            return refused(401, "a token is required", "Bearer");
        }
        try {
            return Authentication.accepted(connection(token.get()).identity());
        } catch (TokenException e) {
            String text = String.valueOf(e.getMessage());
            return e.reason() == Reason.UNAVAILABLE
                    ? Authentication.refused(new Refusal(503, text))
                    : refused(401, text, "Bearer error=\"invalid_token\"");
        }
    }

    private static Authentication refused(int status, String reason, String challenge) {
        return Authentication.refused(new Refusal(status, reason, Map.of("WWW-Authenticate", challenge)));
    }

    private CompletionStage<TopicDecision> decide(TopicRequest request, String token) {
        try {
            return CompletableFuture.completedFuture(permission(request, verifier.verify(token)));
        } catch (TokenException e) {
            return e.reason() == Reason.INVALID
                    ? CompletableFuture.completedFuture(TopicDecision.denied(String.valueOf(e.getMessage())))
                    : CompletableFuture.failedFuture(error(e));
        }
    }

    private TopicDecision permission(TopicRequest request, TokenClaims claims) throws TokenException {
        if (!claims.channel().equals(Optional.of(request.topic()))) {
            return TopicDecision.denied("the token is for another topic");
        }
        boolean isForClient =
                claims.client().filter(id -> !id.equals(request.client().id())).isEmpty();
        if (!user(claims).equals(request.client().userId()) || !isForClient) {
            return TopicDecision.denied("the token is for another user or client");
        }
        TopicDecision.Allowed allowed = TopicDecision.allowed();
        Optional<Instant> expiry = expiry(claims);
        if (expiry.isPresent()) {
            allowed = allowed.withExpiry(expiry.get());
        }
        Optional<Payload> info = claims.info();
        return info.isEmpty() ? allowed : withInfo(allowed::withInfo, info.get());
    }

    /** Returns a text without keys. */
    @Override
    public String toString() {
        return "JwtAuthenticator";
    }

    /** Collects the keys and rules of an authenticator. Not thread-safe. */
    public static final class Builder {
        private static final Duration MAX_LEEWAY = Duration.ofMinutes(10);
        private static final Duration MAX_CACHE_TIME = Duration.ofDays(1);
        private static final Duration MAX_TIMEOUT = Duration.ofMinutes(1);
        private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

        private final List<VerificationKey> keys = new ArrayList<>();
        private @Nullable URI keySet;
        private Duration lifetime = Duration.ofMinutes(10);
        private Duration refreshInterval = Duration.ofSeconds(30);
        private Duration timeout = Duration.ofSeconds(5);
        private @Nullable String audience;
        private @Nullable String issuer;
        private Duration leeway = Duration.ZERO;
        private int maxTokenLength = 8 * 1024;
        private @Nullable String anonymousUser;
        private LongSupplier nanoClock = System::nanoTime;

        private Builder() {}

        /**
         * Adds a secret for tokens with HS256, HS384 and HS512, whose key id is that of no other key. At most {@value
         * VerificationKeys#MAX_KEYS} keys can be added.
         *
         * @param secret at least {@value VerificationKey#MIN_SECRET_BYTES} bytes (RFC 7518 section 3.2); copied
         * @return this builder
         * @throws IllegalArgumentException if the secret is too short
         */
        public Builder secret(byte[] secret) {
            return add(VerificationKey.ofSecret(null, secret));
        }

        /**
         * Adds a secret for tokens with this key id.
         *
         * @param keyId the header {@code kid} of the tokens
         * @param secret as in {@link #secret(byte[])}
         * @return this builder
         * @throws IllegalArgumentException if the secret is too short
         */
        public Builder secret(String keyId, byte[] secret) {
            return add(VerificationKey.ofSecret(Objects.requireNonNull(keyId, "keyId"), secret));
        }

        /**
         * Adds a public key for tokens whose key id is that of no other key.
         *
         * @param key an RSA key of {@value VerificationKey#MIN_RSA_BITS} to {@value VerificationKey#MAX_RSA_BITS} bits,
         *     or an EC key on the curve P-256, P-384 or P-521
         * @return this builder
         * @throws IllegalArgumentException if the key is none of these
         */
        public Builder publicKey(PublicKey key) {
            return add(VerificationKey.ofPublicKey(null, key));
        }

        /**
         * Adds a public key for tokens with this key id.
         *
         * @param keyId the header {@code kid} of the tokens
         * @param key as in {@link #publicKey(PublicKey)}
         * @return this builder
         * @throws IllegalArgumentException if the key is none of these
         */
        public Builder publicKey(String keyId, PublicKey key) {
            return add(VerificationKey.ofPublicKey(Objects.requireNonNull(keyId, "keyId"), key));
        }

        private Builder add(VerificationKey key) {
            if (keys.size() == VerificationKeys.MAX_KEYS) {
                throw new IllegalArgumentException(
                        "an authenticator must have at most " + VerificationKeys.MAX_KEYS + " keys");
            }
            keys.add(key);
            return this;
        }

        /**
         * Configures a JSON Web Key Set (RFC 7517), from which tokens with a key id of no other key are verified. By
         * default there is none. The set is fetched when the first token needs it. It may have at most {@value
         * VerificationKeys#MAX_KEYS} keys and {@value RemoteKeys#MAX_BYTES} bytes. If it cannot be fetched, the last
         * keys stay in use. Redirects are not followed.
         *
         * @param uri a URI with {@code https}, or with {@code http} on a loopback address
         * @return this builder
         * @throws IllegalArgumentException if the URI is none of these, or contains a user
         */
        public Builder keySet(URI uri) {
            boolean isHttps = "https".equalsIgnoreCase(uri.getScheme());
            boolean isLocal = "http".equalsIgnoreCase(uri.getScheme()) && LOOPBACK.contains(uri.getHost());
            if (uri.getHost() == null || uri.getRawUserInfo() != null || !isHttps && !isLocal) {
                throw new IllegalArgumentException(
                        "keySet must have https and a host without a user, or http and a loopback address");
            }
            keySet = uri;
            return this;
        }

        /**
         * Configures the time after which a key set is fetched again. The default is 10 minutes. The old keys are used
         * until the new ones arrive, also after the lifetime.
         *
         * @param lifetime more than zero, at most 1 day
         * @return this builder
         * @throws IllegalArgumentException if the time is out of range
         */
        public Builder keySetLifetime(Duration lifetime) {
            this.lifetime = positive("keySetLifetime", lifetime, MAX_CACHE_TIME);
            return this;
        }

        /**
         * Configures the minimum time between two requests for a key set. The default is 30 seconds. A token with an
         * unknown key id causes a request at most once in this time. In between, such tokens get a temporary error.
         *
         * @param interval more than zero, at most 1 day
         * @return this builder
         * @throws IllegalArgumentException if the time is out of range
         */
        public Builder keySetRefreshInterval(Duration interval) {
            refreshInterval = positive("keySetRefreshInterval", interval, MAX_CACHE_TIME);
            return this;
        }

        /**
         * Configures the maximum duration of a request for a key set. The default is 5 seconds. Decisions on tokens
         * with an unknown key id wait for the request, so it should be shorter than {@link
         * io.tankws.ManagerLimits#authenticationTimeout()}.
         *
         * @param timeout more than zero, at most 1 minute
         * @return this builder
         * @throws IllegalArgumentException if the time is out of range
         */
        public Builder keySetTimeout(Duration timeout) {
            this.timeout = positive("keySetTimeout", timeout, MAX_TIMEOUT);
            return this;
        }

        /**
         * Configures the required audience. By default every audience is accepted.
         *
         * @param audience a member of the claim {@code aud} of each accepted token
         * @return this builder
         */
        public Builder audience(String audience) {
            this.audience = Objects.requireNonNull(audience, "audience");
            return this;
        }

        /**
         * Configures the required issuer. By default every issuer is accepted.
         *
         * @param issuer the claim {@code iss} of each accepted token
         * @return this builder
         */
        public Builder issuer(String issuer) {
            this.issuer = Objects.requireNonNull(issuer, "issuer");
            return this;
        }

        /**
         * Configures the accepted difference between the clocks of the issuer and of the server. The default is zero.
         * Tokens and their connections expire later by this time.
         *
         * @param leeway whole seconds, zero to 10 minutes
         * @return this builder
         * @throws IllegalArgumentException if the time is out of range
         */
        public Builder clockLeeway(Duration leeway) {
            if (leeway.isNegative() || leeway.compareTo(MAX_LEEWAY) > 0 || leeway.toNanosPart() != 0) {
                throw new IllegalArgumentException("clockLeeway must be whole seconds from 0 to "
                        + MAX_LEEWAY.toSeconds() + ", but was " + leeway);
            }
            this.leeway = leeway;
            return this;
        }

        /**
         * Configures the maximum length of a token. The default is 8192 characters. A longer token is invalid and is
         * not parsed.
         *
         * @param max at least 1
         * @return this builder
         * @throws IllegalArgumentException if the number is less than 1
         */
        public Builder maxTokenLength(int max) {
            if (max < 1) {
                throw new IllegalArgumentException("maxTokenLength must be at least 1, but was " + max);
            }
            maxTokenLength = max;
            return this;
        }

        /**
         * Configures the user of tokens whose claim {@code sub} is empty or missing. By default these tokens are
         * invalid. All such clients are one user, also for limits.
         *
         * @param userId not empty
         * @return this builder
         * @throws IllegalArgumentException if the user id is empty
         */
        public Builder anonymousUser(String userId) {
            if (userId.isEmpty()) {
                throw new IllegalArgumentException("anonymousUser must not be empty");
            }
            anonymousUser = userId;
            return this;
        }

        /** Replaces the clock of the key set, for tests. */
        Builder nanoClock(LongSupplier clock) {
            nanoClock = clock;
            return this;
        }

        private static Duration positive(String name, Duration value, Duration max) {
            if (value.isZero() || value.isNegative() || value.compareTo(max) > 0) {
                throw new IllegalArgumentException(
                        name + " must be more than zero and at most " + max + ", but was " + value);
            }
            return value;
        }

        VerificationKeys keys() {
            return new VerificationKeys(keys);
        }

        private @Nullable RemoteKeys remoteKeys() {
            return keySet == null
                    ? null
                    : new RemoteKeys(keySet, new RemoteKeysTimes(lifetime, refreshInterval, timeout), nanoClock);
        }

        @Nullable
        String audience() {
            return audience;
        }

        @Nullable
        String issuer() {
            return issuer;
        }

        Duration leeway() {
            return leeway;
        }

        int maxTokenLength() {
            return maxTokenLength;
        }

        /**
         * Returns the authenticator.
         *
         * @return an immutable authenticator
         * @throws IllegalStateException if there is neither a key nor a key set
         */
        public JwtAuthenticator build() {
            if (keys.isEmpty() && keySet == null) {
                throw new IllegalStateException("a JwtAuthenticator must have a key or a key set");
            }
            return new JwtAuthenticator(this);
        }
    }
}
