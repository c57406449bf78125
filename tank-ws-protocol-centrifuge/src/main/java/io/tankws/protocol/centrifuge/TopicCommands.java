package io.tankws.protocol.centrifuge;

import io.tankws.Client;
import io.tankws.HistoryPage;
import io.tankws.HistoryQuery;
import io.tankws.HistoryResult;
import io.tankws.Message;
import io.tankws.Payload;
import io.tankws.Publication;
import io.tankws.PublishOptions;
import io.tankws.StreamPosition;
import io.tankws.protocol.centrifuge.message.DisconnectReason;
import io.tankws.protocol.centrifuge.message.EmptyResult;
import io.tankws.protocol.centrifuge.message.ErrorReason;
import io.tankws.protocol.centrifuge.message.HistoryRequest;
import io.tankws.protocol.centrifuge.message.PublishRequest;
import io.tankws.protocol.centrifuge.message.Push;
import io.tankws.protocol.centrifuge.message.Reply;
import io.tankws.protocol.centrifuge.message.Since;
import io.tankws.protocol.centrifuge.message.SubRefreshRequest;
import io.tankws.protocol.centrifuge.message.SubRefreshResult;
import io.tankws.protocol.centrifuge.message.SubscribePush;
import io.tankws.protocol.centrifuge.message.SubscribeRequest;
import io.tankws.protocol.centrifuge.message.SubscribeResult;
import io.tankws.protocol.centrifuge.message.UnsubscribeReason;
import io.tankws.protocol.centrifuge.message.WirePublication;
import io.tankws.spi.ClientActionException;
import io.tankws.spi.ProtocolConnection;
import io.tankws.spi.StartedSubscription;
import io.tankws.spi.SubscriptionEnding;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The commands of one client on topics. */
final class TopicCommands {
    private static final CompletionStage<?> DONE = CompletableFuture.completedFuture(null);
    private static final String FOSSIL = "fossil";

    private final CentrifugeProtocol protocol;
    private final ProtocolConnection connection;
    private final ReplySender replies;

    /** The topics to which the server has subscribed the client. At most as many as the client may have topics. */
    private final Set<String> byServer = ConcurrentHashMap.newKeySet();

    TopicCommands(CentrifugeProtocol protocol, ProtocolConnection connection, ReplySender replies) {
        this.protocol = protocol;
        this.connection = connection;
        this.replies = replies;
    }

    CompletionStage<?> subscribe(long id, SubscribeRequest request, @Nullable Payload data) {
        if (request.type() != 0) {
            return replies.error(id, ErrorReason.NOT_AVAILABLE);
        }
        if (!request.delta().isEmpty() && !request.delta().equals(FOSSIL)) {
            replies.disconnect(DisconnectReason.BAD_REQUEST);
            return DONE;
        }
        if (request.tf() != null) {
            return replies.error(id, ErrorReason.BAD_REQUEST);
        }
        io.tankws.spi.SubscribeRequest.Builder wish = io.tankws.spi.SubscribeRequest.builder(
                        request.channel(), replies.encoding())
                .reply(started -> List.of(replies.encoding().message(Reply.of(id, result(started, request)))));
        if (request.recover()) {
            wish.since(Positions.of(request.epoch(), request.offset()));
            if ((request.flag() & SubscribeRequest.REJECT_UNRECOVERED) != 0) {
                wish.requireRecovery();
            }
        }
        if (!request.token().isEmpty()) {
            wish.token(request.token()).expiryGrace(protocol.expiryGrace());
        }
        if (request.joinLeave()) {
            wish.joinLeave();
        }
        if (data != null) {
            wish.data(data);
        }
        return connection.subscribe(wish.build()).handle((subscription, failure) -> {
            if (failure == null) {
                return DONE;
            }
            ClientActionException e = ClientActionException.of(failure);
            if (e.reason() == ClientActionException.Reason.FAILED) {
                replies.disconnect(DisconnectReason.INTERNAL);
                return DONE;
            }
            return replies.actionError(id, e);
        });
    }

    private SubscribeResult result(StartedSubscription started, SubscribeRequest request) {
        boolean isRecoverable = started.options().isRecoverable();
        // The last value of a topic comes to a client without a position, too.
        boolean isRecovered = started.isRecovered() || !started.publications().isEmpty();
        boolean wasRecovering = isRecoverable && request.recover() || isRecovered;
        Optional<Instant> expiry = request.token().isEmpty()
                ? Optional.empty()
                : started.permission().expiresAt();
        return SubscribeResult.builder()
                .expires(expiry.isPresent())
                .ttl(expiry.map(ConnectCommands::secondsUntil).orElse(0L))
                .recoverable(isRecoverable)
                .positioned(isRecoverable)
                .epoch(isRecoverable ? started.position().epoch() : "")
                .publications(wire(started.publications()))
                .recovered(isRecovered)
                // The client moves its position by each recovered publication.
                .offset(
                        isRecovered
                                ? request.offset()
                                : isRecoverable ? started.position().offset() : 0)
                .data(started.permission().data().map(replies.encoding()::data).orElse(null))
                .wasRecovering(wasRecovering)
                .build();
    }

    /** Returns publications for a result. Without a form in this encoding, none may be sent. */
    private List<WirePublication> wire(List<Publication> publications) {
        List<WirePublication> wire = new ArrayList<>(publications.size());
        for (Publication publication : publications) {
            wire.add(replies.encoding()
                    .wire(publication)
                    .orElseThrow(() -> new ClientActionException(
                            ClientActionException.Reason.NOT_RECOVERED, "a payload is not JSON", null)));
        }
        return wire;
    }

    CompletionStage<?> unsubscribe(long id, String topic) {
        connection.unsubscribe(topic);
        byServer.remove(topic);
        return replies.result(id, EmptyResult.UNSUBSCRIBE);
    }

    CompletionStage<?> publish(long id, PublishRequest request, @Nullable Payload data) {
        if (request.type() != 0) {
            return replies.error(id, ErrorReason.NOT_AVAILABLE);
        }
        if (data == null) {
            return replies.error(id, ErrorReason.BAD_REQUEST);
        }
        return connection
                .publish(request.channel(), data, PublishOptions.defaults())
                .handle((position, failure) -> failure == null
                        ? replies.result(id, EmptyResult.PUBLISH)
                        : replies.actionError(id, ClientActionException.of(failure)));
    }

    CompletionStage<?> history(long id, HistoryRequest request) {
        Since since = request.since();
        if (request.reverse() && since != null && since.offset() == 0) {
            return replies.error(id, ErrorReason.BAD_REQUEST);
        }
        int max = protocol.maxHistoryPage();
        HistoryQuery.Builder query =
                HistoryQuery.builder().limit(request.limit() < 0 ? max : Math.min(request.limit(), max));
        if (since != null) {
            query.since(Positions.of(since.epoch(), since.offset()));
        }
        if (request.reverse()) {
            query.reverse();
        }
        return connection
                .history(request.channel(), query.build())
                .handle((result, failure) -> failure == null
                        ? page(id, result)
                        : replies.actionError(id, ClientActionException.of(failure)));
    }

    private CompletionStage<?> page(long id, HistoryResult result) {
        if (!(result instanceof HistoryPage page)) {
            return replies.error(id, ErrorReason.UNRECOVERABLE_POSITION);
        }
        List<WirePublication> publications;
        try {
            publications = wire(page.publications());
        } catch (ClientActionException notJson) {
            replies.disconnect(DisconnectReason.INAPPROPRIATE_PROTOCOL);
            return DONE;
        }
        StreamPosition top = page.top();
        return replies.result(
                id, new io.tankws.protocol.centrifuge.message.HistoryResult(publications, top.epoch(), top.offset()));
    }

    /** Extends a subscription by a new token. */
    CompletionStage<?> refresh(long id, SubRefreshRequest request) {
        if (request.type() != 0) {
            return replies.error(id, ErrorReason.NOT_AVAILABLE);
        }
        if (request.token().isEmpty()) {
            return replies.error(id, ErrorReason.BAD_REQUEST);
        }
        io.tankws.spi.SubscribeRequest wish = io.tankws.spi.SubscribeRequest.builder(
                        request.channel(), replies.encoding())
                .token(request.token())
                .expiryGrace(protocol.expiryGrace())
                .build();
        return connection.renew(wish).handle((permission, failure) -> {
            if (failure != null) {
                return replies.actionError(id, ClientActionException.of(failure));
            }
            Optional<Instant> expiry = permission.expiresAt();
            long ttl = expiry.map(ConnectCommands::secondsUntil).orElse(0L);
            return replies.result(id, new SubRefreshResult(expiry.isPresent(), ttl));
        });
    }

    /** Subscribes the client as the application decided. A failure closes the connection. */
    void subscribeByServer(Client client, String topic, @Nullable StreamPosition since) {
        try {
            if (since == null) {
                client.subscribe(topic);
                return;
            }
            client.subscribe(topic, since).whenComplete((recovery, failure) -> {
                if (failure != null) {
                    replies.disconnect(DisconnectReason.INTERNAL);
                }
            });
        } catch (IllegalStateException tooMany) {
            replies.disconnect(DisconnectReason.CHANNEL_LIMIT);
        } catch (IllegalArgumentException noTopic) {
            replies.disconnect(DisconnectReason.INTERNAL);
        }
    }

    io.tankws.spi.SubscribeRequest onServerSubscribe(String topic) {
        byServer.add(topic);
        // The client cannot ask for joins and leaves, but an SDK reports them.
        return io.tankws.spi.SubscribeRequest.builder(topic, replies.encoding())
                .reply(this::pushes)
                .joinLeave()
                .build();
    }

    /** Returns the pushes that begin a subscription by the server. */
    private List<Message> pushes(StartedSubscription started) {
        List<Publication> publications = started.publications();
        boolean isRecoverable = started.options().isRecoverable();
        StreamPosition top = started.position();
        long before = publications.isEmpty()
                ? top.offset()
                : Math.max(0, publications.get(0).offset() - 1);
        List<Message> messages = new ArrayList<>();
        messages.add(push(
                started.topic(),
                new SubscribePush(
                        isRecoverable,
                        isRecoverable ? top.epoch() : "",
                        isRecoverable ? before : 0,
                        isRecoverable,
                        started.permission()
                                .data()
                                .map(replies.encoding()::data)
                                .orElse(null))));
        for (WirePublication publication : wire(publications)) {
            messages.add(push(started.topic(), publication));
        }
        return messages;
    }

    private Message push(String topic, io.tankws.protocol.centrifuge.message.PushBody body) {
        return replies.encoding().message(Reply.of(new Push(topic, body)));
    }

    void onUnsubscribed(String topic, SubscriptionEnding ending) {
        boolean wasByServer = byServer.remove(topic);
        switch (ending) {
            case UNSUBSCRIBED, REVOKED -> replies.push(topic, UnsubscribeReason.SERVER.push());
            case EXPIRED -> end(topic, wasByServer, UnsubscribeReason.EXPIRED, DisconnectReason.SUBSCRIPTION_EXPIRED);
            case INSUFFICIENT_STATE ->
                end(topic, wasByServer, UnsubscribeReason.INSUFFICIENT_STATE, DisconnectReason.INSUFFICIENT_STATE);
        }
    }

    /** Ends a subscription so that the client subscribes again. Only a reconnection restores one of the server. */
    private void end(String topic, boolean wasByServer, UnsubscribeReason reason, DisconnectReason disconnect) {
        if (wasByServer) {
            replies.disconnect(disconnect);
        } else {
            replies.push(topic, reason.push());
        }
    }
}
