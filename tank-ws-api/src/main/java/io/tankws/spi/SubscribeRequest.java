package io.tankws.spi;

import io.tankws.Message;
import io.tankws.Payload;
import io.tankws.StreamPosition;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The request of a {@link ProtocolSession} for a subscription. Immutable. */
public final class SubscribeRequest {
    private final String topic;
    private final ProtocolEncoding encoding;
    private final Reply reply;
    /** Position to continue from, or {@code null} if there is none. */
    private final @Nullable StreamPosition since;

    private final boolean recoveryRequired;
    private final boolean joinLeave;
    /** Token for the authorizer, or {@code null} if there is none. */
    private final @Nullable String token;
    /** Data for the authorizer, or {@code null} if there is none. */
    private final @Nullable Payload data;

    private final Duration expiryGrace;

    private SubscribeRequest(Builder builder) {
        topic = builder.topic;
        encoding = builder.encoding;
        reply = builder.reply;
        since = builder.since;
        recoveryRequired = builder.recoveryRequired;
        joinLeave = builder.joinLeave;
        token = builder.token;
        data = builder.data;
        expiryGrace = builder.expiryGrace;
    }

    /**
     * The encoder of the first messages of a subscription.
     *
     * <p>Implemented by protocols.
     */
    @FunctionalInterface
    public interface Reply {
        /**
         * Encodes the messages that precede the first live publication. Called while the manager holds locks, like the
         * methods of {@link ProtocolEncoding}. Called a second time, without publications, if the messages do not fit
         * into the outbox.
         *
         * @param started the new subscription, with the publications that the client has missed
         * @return the messages in order; may be empty
         * @throws ClientActionException with reason {@code NOT_RECOVERED} if the encoding cannot carry a publication;
         *     this method is then called again without publications
         */
        List<Message> encode(StartedSubscription started);
    }

    /**
     * Starts a request without a reply.
     *
     * @param topic the topic
     * @param encoding the encoding of its publications
     * @return a builder
     */
    public static Builder builder(String topic, ProtocolEncoding encoding) {
        return new Builder(topic, encoding);
    }

    /** {@return a builder with the values of this request} */
    public Builder toBuilder() {
        Builder builder = new Builder(topic, encoding);
        builder.reply = reply;
        builder.since = since;
        builder.recoveryRequired = recoveryRequired;
        builder.joinLeave = joinLeave;
        builder.token = token;
        builder.data = data;
        builder.expiryGrace = expiryGrace;
        return builder;
    }

    /** {@return the topic} */
    public String topic() {
        return topic;
    }

    /** {@return the encoding of the publications} */
    public ProtocolEncoding encoding() {
        return encoding;
    }

    /** {@return the encoder of the first messages; see {@link Builder#reply}} */
    public Reply reply() {
        return reply;
    }

    /** {@return the position to continue from; empty if there is none; see {@link Builder#since}} */
    public Optional<StreamPosition> since() {
        return Optional.ofNullable(since);
    }

    /** {@return whether the subscription needs a complete recovery; see {@link Builder#requireRecovery}} */
    public boolean isRecoveryRequired() {
        return recoveryRequired;
    }

    /** {@return whether the client receives joins and leaves; see {@link Builder#joinLeave}} */
    public boolean wantsJoinLeave() {
        return joinLeave;
    }

    /** {@return the token for the authorizer; empty if there is none; see {@link Builder#token}} */
    public Optional<String> token() {
        return Optional.ofNullable(token);
    }

    /** {@return the data for the authorizer; empty if there is none; see {@link Builder#data}} */
    public Optional<Payload> data() {
        return Optional.ofNullable(data);
    }

    /** {@return the time that a permission continues after its expiry; see {@link Builder#expiryGrace}} */
    public Duration expiryGrace() {
        return expiryGrace;
    }

    /** Returns topic and position, and neither token nor data. */
    @Override
    public String toString() {
        return "SubscribeRequest[" + topic + (since == null ? "" : " since " + since) + "]";
    }

    /** Collects the parts of a request. Not thread-safe. */
    public static final class Builder {
        private final String topic;
        private final ProtocolEncoding encoding;
        private Reply reply = started -> List.of();
        private @Nullable StreamPosition since;
        private boolean recoveryRequired;
        private boolean joinLeave;
        private @Nullable String token;
        private @Nullable Payload data;
        private Duration expiryGrace = Duration.ZERO;

        private Builder(String topic, ProtocolEncoding encoding) {
            this.topic = Objects.requireNonNull(topic, "topic");
            this.encoding = Objects.requireNonNull(encoding, "encoding");
        }

        /**
         * Configures the encoder of the first messages. By default there are none.
         *
         * @param reply the encoder
         * @return this
         */
        public Builder reply(Reply reply) {
            this.reply = Objects.requireNonNull(reply, "reply");
            return this;
        }

        /**
         * Configures the position of the last publication that the client has. By default the client has none. On a
         * topic that is not {@linkplain io.tankws.TopicOptions#isRecoverable() recoverable}, the position has no effect
         * and the subscription is not recovered.
         *
         * @param position any position; one of an unknown epoch fits every epoch
         * @return this
         */
        public Builder since(StreamPosition position) {
            since = Objects.requireNonNull(position, "position");
            return this;
        }

        /**
         * Requires that the client gets everything that it has missed. Otherwise the action fails with {@link
         * ClientActionException.Reason#NOT_RECOVERED}, and the client is not subscribed. By default the client is
         * subscribed in any case.
         *
         * @return this
         */
        public Builder requireRecovery() {
            recoveryRequired = true;
            return this;
        }

        /**
         * Requests the joins and leaves of the topic, in order with its publications and with those of all nodes. The
         * client also receives its own join, after the reply. By default it receives none. Has no effect on a topic
         * without {@link io.tankws.TopicOptions#hasJoinLeave()}.
         *
         * @return this
         */
        public Builder joinLeave() {
            joinLeave = true;
            return this;
        }

        /**
         * Configures {@link io.tankws.TopicRequest#token()}. The default is none.
         *
         * @param token the token of the client
         * @return this
         */
        public Builder token(String token) {
            this.token = Objects.requireNonNull(token, "token");
            return this;
        }

        /**
         * Configures {@link io.tankws.TopicRequest#data()}. The default is none.
         *
         * @param data the data of the client
         * @return this
         */
        public Builder data(Payload data) {
            this.data = Objects.requireNonNull(data, "data");
            return this;
        }

        /**
         * Configures the time that the subscription continues after the expiry of its permission, so that the client
         * can bring a new token. Then the authorizer is asked again. The default is zero.
         *
         * @param grace zero or more
         * @return this
         * @throws IllegalArgumentException if the time is negative
         */
        public Builder expiryGrace(Duration grace) {
            if (grace.isNegative()) {
                throw new IllegalArgumentException("expiryGrace must be zero or more, but was " + grace);
            }
            expiryGrace = grace;
            return this;
        }

        /** {@return an immutable request} */
        public SubscribeRequest build() {
            return new SubscribeRequest(this);
        }
    }
}
