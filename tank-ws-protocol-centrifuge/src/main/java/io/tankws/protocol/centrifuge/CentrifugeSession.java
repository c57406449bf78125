package io.tankws.protocol.centrifuge;

import io.tankws.CloseStatus;
import io.tankws.Payload;
import io.tankws.protocol.centrifuge.codec.MalformedMessageException;
import io.tankws.protocol.centrifuge.frame.CommandFrame;
import io.tankws.protocol.centrifuge.message.CloseReasons;
import io.tankws.protocol.centrifuge.message.Command;
import io.tankws.protocol.centrifuge.message.ConnectRequest;
import io.tankws.protocol.centrifuge.message.DisconnectReason;
import io.tankws.protocol.centrifuge.message.HistoryRequest;
import io.tankws.protocol.centrifuge.message.PresenceRequest;
import io.tankws.protocol.centrifuge.message.PresenceStatsRequest;
import io.tankws.protocol.centrifuge.message.PublishRequest;
import io.tankws.protocol.centrifuge.message.RefreshRequest;
import io.tankws.protocol.centrifuge.message.Request;
import io.tankws.protocol.centrifuge.message.RpcRequest;
import io.tankws.protocol.centrifuge.message.SendRequest;
import io.tankws.protocol.centrifuge.message.SubRefreshRequest;
import io.tankws.protocol.centrifuge.message.SubscribeRequest;
import io.tankws.protocol.centrifuge.message.UnsubscribeRequest;
import io.tankws.spi.ConnectionEnding;
import io.tankws.spi.ProtocolConnection;
import io.tankws.spi.ProtocolEncoding;
import io.tankws.spi.ProtocolSession;
import io.tankws.spi.SubscriptionEnding;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One connection that speaks the Centrifuge protocol: it reads commands and starts each one after the one before has
 * completed.
 *
 * <p>Payloads are copied when a command is read, because it may wait for the one before and the transport reuses the
 * bytes.
 */
final class CentrifugeSession implements ProtocolSession {
    private static final CompletionStage<?> DONE = CompletableFuture.completedFuture(null);
    private static final int FIRST_CODE_OF_PROTOCOL = 3000;

    private final ProtocolConnection connection;
    private final PublicationEncoding encoding;
    private final ReplySender replies;
    private final ConnectCommands connects;
    private final TopicCommands topics;
    private final PresenceCommands presences;
    private final CallCommands calls;
    private final PingSchedule pings;

    CentrifugeSession(CentrifugeProtocol protocol, ProtocolConnection connection, PublicationEncoding encoding) {
        this.connection = connection;
        this.encoding = encoding;
        replies = new ReplySender(connection, encoding);
        topics = new TopicCommands(protocol, connection, replies);
        connects = new ConnectCommands(protocol, connection, replies, topics);
        presences = new PresenceCommands(connection, replies);
        calls = new CallCommands(protocol, connection, replies);
        pings = new PingSchedule(protocol.pingInterval(), protocol.pongTimeout());
    }

    @Override
    public void onText(ByteBuffer utf8) {
        receive(utf8);
    }

    @Override
    public void onBinary(ByteBuffer payload) {
        receive(payload);
    }

    private void receive(ByteBuffer message) {
        try {
            CommandFrame frame = encoding.frames().open(message);
            while (frame.hasNext()) {
                Command command = frame.next();
                Supplier<CompletionStage<?>> action = prepare(command);
                connection.inOrder(() -> start(command, action));
            }
        } catch (MalformedMessageException | IllegalArgumentException malformed) {
            // The commands before it are performed and answered.
            connection.inOrder(this::refuse);
        }
    }

    private CompletionStage<?> refuse() {
        replies.disconnect(DisconnectReason.BAD_REQUEST);
        return DONE;
    }

    private CompletionStage<?> start(Command command, Supplier<CompletionStage<?>> action) {
        if (replies.isClosed()) {
            return DONE;
        }
        boolean isConnect = command.request() instanceof ConnectRequest && !command.isPong();
        if (isConnect ? !connects.mayConnect() : !connects.isConnected()) {
            return refuse();
        }
        return action.get();
    }

    /** Returns the action of a command, for which it copies the payload. */
    private Supplier<CompletionStage<?>> prepare(Command command) {
        if (command.isPong()) {
            return () -> pings.pong() ? DONE : refuse();
        }
        long id = command.id();
        Request request = command.request();
        if (request instanceof ConnectRequest connect) {
            Payload data = payload(connect.data());
            return () -> connects.connect(id, connect, data);
        } else if (request instanceof SubscribeRequest subscribe) {
            Payload data = payload(subscribe.data());
            return () -> subscribe.channel().isEmpty() ? refuse() : topics.subscribe(id, subscribe, data);
        } else if (request instanceof UnsubscribeRequest unsubscribe) {
            return onTopic(unsubscribe.channel(), () -> topics.unsubscribe(id, unsubscribe.channel()));
        } else if (request instanceof PublishRequest publish) {
            Payload data = payload(publish.data());
            return onTopic(publish.channel(), () -> topics.publish(id, publish, data));
        } else if (request instanceof HistoryRequest history) {
            return onTopic(history.channel(), () -> topics.history(id, history));
        } else if (request instanceof PresenceRequest presence) {
            return onTopic(presence.channel(), () -> presences.presence(id, presence.channel()));
        } else if (request instanceof PresenceStatsRequest stats) {
            return onTopic(stats.channel(), () -> presences.counts(id, stats.channel()));
        } else if (request instanceof RpcRequest rpc) {
            Payload data = payload(rpc.data());
            return () -> calls.call(id, rpc.methodName(), data);
        } else if (request instanceof SendRequest send) {
            Payload data = payload(send.data());
            return () -> calls.send(data);
        } else if (request instanceof RefreshRequest refresh) {
            return () -> connects.refresh(id, refresh.token());
        } else if (request instanceof SubRefreshRequest refresh) {
            return onTopic(refresh.channel(), () -> topics.refresh(id, refresh));
        }
        return this::refuse;
    }

    private Supplier<CompletionStage<?>> onTopic(String topic, Supplier<CompletionStage<?>> action) {
        return topic.isEmpty() ? this::refuse : action;
    }

    private @Nullable Payload payload(@Nullable ByteBuffer data) {
        return data == null ? null : encoding.payload(data);
    }

    @Override
    public ProtocolEncoding encoding() {
        return encoding;
    }

    @Override
    public io.tankws.spi.SubscribeRequest onServerSubscribe(String topic) {
        return topics.onServerSubscribe(topic);
    }

    @Override
    public void onUnsubscribed(String topic, SubscriptionEnding ending) {
        topics.onUnsubscribed(topic, ending);
    }

    @Override
    public CloseStatus closeStatus(ConnectionEnding ending, CloseStatus status) {
        return switch (ending) {
            case SHUTDOWN -> DisconnectReason.SHUTDOWN.status();
            case SLOW -> DisconnectReason.SLOW.status();
            case TOO_MANY_MESSAGES -> DisconnectReason.TOO_MANY_REQUESTS.status();
            case EXPIRED -> DisconnectReason.EXPIRED.status();
            case NOT_AUTHENTICATED -> DisconnectReason.STALE.status();
            case FAILED -> DisconnectReason.INTERNAL.status();
            // An SDK would reconnect and replace the newer connection.
            case REPLACED -> DisconnectReason.FORCE_DISCONNECT.status();
            // An SDK reconnects after the codes of RFC 6455, and the application meant to close the connection.
            case APPLICATION ->
                status.code() < FIRST_CODE_OF_PROTOCOL
                        ? DisconnectReason.FORCE_DISCONNECT.status()
                        : CloseReasons.plain(status);
        };
    }

    @Override
    public void onTick(long nanoTime) {
        if (!connects.isConnected() || replies.isClosed()) {
            return;
        }
        switch (pings.at(nanoTime, connection.isInputPaused())) {
            case PING -> connection.reply(encoding.ping());
            case CLOSE -> replies.disconnect(DisconnectReason.NO_PONG);
            case NOTHING -> {}
        }
    }
}
