package io.tankws.protocol.centrifuge;

import io.tankws.Authentication;
import io.tankws.Client;
import io.tankws.Identity;
import io.tankws.Payload;
import io.tankws.StreamPosition;
import io.tankws.protocol.centrifuge.message.ConnectRequest;
import io.tankws.protocol.centrifuge.message.ConnectResult;
import io.tankws.protocol.centrifuge.message.DisconnectReason;
import io.tankws.protocol.centrifuge.message.ErrorReason;
import io.tankws.protocol.centrifuge.message.RefreshResult;
import io.tankws.spi.ClientActionException;
import io.tankws.spi.ProtocolConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The commands that connect one client and extend its connection. */
final class ConnectCommands {
    private static final String VERSION = "tank-ws";
    private static final CompletionStage<?> DONE = CompletableFuture.completedFuture(null);

    /** The statuses of a {@link io.tankws.Refusal} that concern the user. */
    private static final Set<Integer> REFUSED_USER = Set.of(401, 403);

    private final CentrifugeProtocol protocol;
    private final ProtocolConnection connection;
    private final ReplySender replies;
    private final TopicCommands topics;
    private volatile State state = State.OPEN;

    /** The request that connected the client, for refreshes, or {@code null} before. */
    private volatile @Nullable ConnectAttempt attempt;
    /** {@code true} if the client must bring new tokens. */
    private volatile boolean refreshable;

    /** The progress of the connection. */
    private enum State {
        OPEN,
        CONNECTING,
        CONNECTED,
        /** The connect request got an error. No command may follow. */
        FAILED
    }

    ConnectCommands(
            CentrifugeProtocol protocol, ProtocolConnection connection, ReplySender replies, TopicCommands topics) {
        this.protocol = protocol;
        this.connection = connection;
        this.replies = replies;
        this.topics = topics;
    }

    boolean mayConnect() {
        return state == State.OPEN;
    }

    boolean isConnected() {
        return state == State.CONNECTED;
    }

    CompletionStage<?> connect(long id, ConnectRequest request, @Nullable Payload data) {
        state = State.CONNECTING;
        ConnectAttempt asked = new ConnectAttempt(
                request.token(),
                Optional.ofNullable(data),
                request.name(),
                request.version(),
                request.headers(),
                connection.handshakeRequest());
        attempt = asked;
        Optional<ConnectAuthenticator> authenticator = protocol.authenticator();
        if (authenticator.isEmpty()) {
            return connection
                    .askAuthenticator(connection.handshakeRequest())
                    .handle((decision, failure) -> decided(id, decision, failure));
        }
        return connection
                .callUserCode(() -> authenticator.get().authenticate(asked))
                .handle((decision, failure) -> failure == null ? decided(id, decision, request) : failed(id, failure));
    }

    private CompletionStage<?> decided(long id, @Nullable Authentication decision, @Nullable Throwable failure) {
        if (decision == null || failure != null) {
            return failed(id, failure == null ? new IllegalStateException("no decision") : failure);
        }
        if (decision instanceof Authentication.Refused refused) {
            boolean concernsUser = REFUSED_USER.contains(refused.refusal().status());
            return concernsUser ? disconnect(DisconnectReason.INVALID_TOKEN) : error(id, ErrorReason.INTERNAL);
        }
        return authenticate(id, decision, Optional.empty(), ConnectResult.builder());
    }

    private CompletionStage<?> decided(long id, @Nullable ConnectDecision decision, ConnectRequest request) {
        if (decision instanceof ConnectDecision.Refused refused) {
            state = State.FAILED;
            replies.disconnect(refused.status());
            return DONE;
        }
        if (!(decision instanceof ConnectDecision.Accepted accepted)) {
            return error(id, ErrorReason.INTERNAL);
        }
        ConnectResult.Builder result = ConnectResult.builder();
        if (accepted.data().isPresent()) {
            result.data(replies.encoding().data(accepted.data().get()));
        }
        Optional<Instant> expiry = accepted.identity().expiresAt();
        authenticate(id, Authentication.accepted(accepted.identity()), expiry, result);
        if (isConnected()) {
            subscribe(accepted, request);
        }
        return DONE;
    }

    /** Subscribes a connected client to the topics of the decision, from its positions. */
    private void subscribe(ConnectDecision.Accepted accepted, ConnectRequest request) {
        Client client = connection.client().orElseThrow();
        Map<String, io.tankws.protocol.centrifuge.message.SubscribeRequest> known = request.subs();
        for (String topic : accepted.topics()) {
            io.tankws.protocol.centrifuge.message.SubscribeRequest position = known.get(topic);
            if (position != null && position.recover()) {
                StreamPosition since = Positions.of(position.epoch(), position.offset());
                topics.subscribeByServer(client, topic, since);
            } else {
                topics.subscribeByServer(client, topic, null);
            }
        }
    }

    private CompletionStage<?> authenticate(
            long id, Authentication accepted, Optional<Instant> expiry, ConnectResult.Builder result) {
        Client client;
        try {
            client = connection.authenticate(accepted);
        } catch (ClientActionException e) {
            return switch (e.reason()) {
                case EXPIRED -> error(id, ErrorReason.EXPIRED);
                case LIMIT -> disconnect(DisconnectReason.CONNECTION_LIMIT);
                case DENIED -> disconnect(DisconnectReason.PERMISSION_DENIED);
                default -> failed(id, e);
            };
        }
        if (expiry.isPresent()) {
            refreshable = true;
            connection.expireAt(expiry.map(instant -> instant.plus(protocol.expiryGrace())));
        }
        replies.result(
                id,
                result.client(client.id())
                        .version(VERSION)
                        .expires(expiry.isPresent())
                        .ttl(expiry.map(ConnectCommands::secondsUntil).orElse(0L))
                        .ping(protocol.pingInterval().toSeconds())
                        .pong(!protocol.pongTimeout().isZero())
                        .build());
        state = State.CONNECTED;
        return DONE;
    }

    /** Returns the time until an expiry, at least one second, because a client takes 0 for none. */
    static long secondsUntil(Instant expiry) {
        return Math.max(1, Duration.between(Instant.now(), expiry).toSeconds());
    }

    private CompletionStage<?> failed(long id, Throwable failure) {
        state = State.FAILED;
        return replies.applicationError(id, failure);
    }

    private CompletionStage<?> error(long id, ErrorReason reason) {
        state = State.FAILED;
        return replies.error(id, reason);
    }

    private CompletionStage<?> disconnect(DisconnectReason reason) {
        state = State.FAILED;
        replies.disconnect(reason);
        return DONE;
    }

    /** Extends the connection by a new token, for which the authenticator is asked again. */
    CompletionStage<?> refresh(long id, String token) {
        Optional<ConnectAuthenticator> authenticator = protocol.authenticator();
        ConnectAttempt first = attempt;
        if (token.isEmpty() || !refreshable || authenticator.isEmpty() || first == null) {
            replies.disconnect(DisconnectReason.BAD_REQUEST);
            return DONE;
        }
        ConnectAttempt again = new ConnectAttempt(
                token, Optional.empty(), first.name(), first.version(), first.headers(), first.handshakeRequest());
        return connection
                .callUserCode(() -> authenticator.get().authenticate(again))
                .handle((decision, failure) -> failure == null ? refreshed(id, decision) : notRefreshed(id, failure));
    }

    private CompletionStage<?> refreshed(long id, @Nullable ConnectDecision decision) {
        Client client = connection.client().orElseThrow();
        if (decision instanceof ConnectDecision.Refused refused) {
            replies.disconnect(refused.status());
            return DONE;
        }
        if (!(decision instanceof ConnectDecision.Accepted accepted)) {
            return replies.error(id, ErrorReason.INTERNAL);
        }
        Identity identity = accepted.identity();
        if (!identity.userId().equals(client.userId())) {
            replies.disconnect(DisconnectReason.INVALID_TOKEN);
            return DONE;
        }
        Optional<Instant> expiry = identity.expiresAt();
        if (expiry.isPresent() && expiry.get().isBefore(Instant.now())) {
            replies.disconnect(DisconnectReason.EXPIRED);
            return DONE;
        }
        connection.expireAt(expiry.map(instant -> instant.plus(protocol.expiryGrace())));
        long ttl = expiry.map(ConnectCommands::secondsUntil).orElse(0L);
        return replies.result(id, new RefreshResult(client.id(), VERSION, expiry.isPresent(), ttl));
    }

    /** Closes the connection for an expired token, because an SDK stops for good after that error. */
    private CompletionStage<?> notRefreshed(long id, Throwable failure) {
        if (ClientActionException.of(failure).getCause() instanceof CentrifugeException error
                && error.code() == CentrifugeException.TOKEN_EXPIRED) {
            replies.disconnect(DisconnectReason.EXPIRED);
            return DONE;
        }
        return replies.applicationError(id, failure);
    }
}
