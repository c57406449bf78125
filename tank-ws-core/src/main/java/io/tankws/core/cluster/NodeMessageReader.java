package io.tankws.core.cluster;

import io.tankws.CloseStatus;
import io.tankws.Message;
import io.tankws.PresenceEvent;
import io.tankws.Publication;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * The reader of messages from the backplane. It drops, counts and reports messages that no node can have sent. Used
 * by the thread of the backplane.
 */
final class NodeMessageReader {
    /** A receiver of parsed messages. Each offset is delivered at most once. */
    interface Sink {
        void deliver(BackplaneChannel channel, List<Message> messages, long node, long excluded);

        /** Delivers a publication without a position. */
        void deliver(BackplaneChannel channel, Publication publication, byte[] envelope);

        void close(String userId, CloseStatus status, long node);

        void command(UserCommand command, long number, long node);

        void event(PresenceEvent event, long number, long node);

        void userMessage(String userId, Message message);

        /** Answers a question. Returns {@code false} if too many questions arrive. */
        boolean question(SurveyQuestion question, long number, long node);

        void reply(long number, long node, NodeReply reply);
    }

    private static final NodeReply CONFIRMED = new NodeReply.Confirmed();

    private final ChannelRegistry channels;
    private final GapDetector gapDetector;
    private final LossReporter losses;
    private final Sink sink;

    NodeMessageReader(ChannelRegistry channels, GapDetector gapDetector, LossReporter losses, Sink sink) {
        this.channels = channels;
        this.gapDetector = gapDetector;
        this.losses = losses;
        this.sink = sink;
    }

    void receive(String name, byte[] bytes) {
        try {
            dispatch(name, NodeMessage.open(bytes));
        } catch (IllegalArgumentException e) {
            // The texts of these exceptions repeat no part of the message.
            losses.rejected(String.valueOf(e.getMessage()));
        }
    }

    /** Parses the whole message before its offset counts, so that a damaged message does not replace a valid one. */
    private void dispatch(String name, NodeMessage message) {
        BackplaneChannel channel = channels.find(name);
        if (channel == null) {
            // The channel was released a moment ago.
            return;
        }
        channel.requireKind(message.kind);
        switch (message.kind) {
            case NodeMessage.MESSAGES -> {
                message.requireNumbers();
                long excluded = message.read(NodeMessage::number);
                List<Message> messages = message.readLast(body -> body.messages(channel.topic));
                if (channel.receive(message, losses)) {
                    sink.deliver(channel, messages, message.node, excluded);
                }
            }
            case NodeMessage.PUBLICATION -> {
                message.requireNumbers();
                byte[] envelope = message.read(NodeMessage::envelope);
                String topic = String.valueOf(channel.topic);
                Publication publication = message.readLast(body -> body.publication(topic));
                if (channel.receive(message, losses)) {
                    sink.deliver(channel, publication, envelope);
                }
            }
            case NodeMessage.CLOSE -> {
                message.requireNumbers();
                CloseStatus status = message.read(NodeMessage::closeStatus);
                String userId = message.readLast(NodeMessage::text);
                if (channel.receive(message, losses)) {
                    sink.close(userId, status, message.node);
                }
            }
            case NodeMessage.COMMAND -> {
                message.requireNumbers();
                long number = message.read(NodeMessage::number);
                UserCommand command = message.readLast(NodeMessage::userCommand);
                if (channel.receive(message, losses)) {
                    sink.command(command, number, message.node);
                }
            }
            case NodeMessage.CONFIRMATION -> sink.reply(message.readLast(NodeMessage::number), message.node, CONFIRMED);
            case NodeMessage.PRESENCE -> {
                message.requireNumbers();
                long number = message.read(NodeMessage::number);
                PresenceEvent event =
                        message.readLast(body -> PresenceCodec.event(body, Objects.requireNonNull(channel.topic)));
                if (channel.receive(message, losses)) {
                    sink.event(event, number, message.node);
                }
            }
            case NodeMessage.USER_MESSAGE -> {
                message.requireNumbers();
                String userId = message.read(NodeMessage::text);
                List<Message> messages = message.readLast(body -> body.messages(null));
                if (messages.size() != 1) {
                    throw new IllegalArgumentException("no such number of messages");
                }
                if (channel.receive(message, losses)) {
                    sink.userMessage(userId, messages.get(0));
                }
            }
            case NodeMessage.QUESTION -> {
                message.requireNumbers();
                long number = message.read(NodeMessage::number);
                SurveyQuestion question = message.readLast(PresenceCodec::question);
                if (channel.receive(message, losses) && !sink.question(question, number, message.node)) {
                    losses.rejected("more than " + ClusterPresence.MAX_ANSWERS_PER_SECOND + " questions in a second");
                }
            }
            case NodeMessage.ANSWER -> {
                long number = message.read(NodeMessage::number);
                sink.reply(number, message.node, message.readLast(PresenceCodec::answer));
            }
            case NodeMessage.POSITION_REQUEST -> {
                long nanos = TimeUnit.MILLISECONDS.toNanos(message.read(NodeMessage::millis));
                List<String> names = message.readLast(NodeMessage::channels);
                if (!gapDetector.onPositionRequest(ClusterNode.name(message.node), nanos, names)) {
                    losses.rejected(
                            "more than " + GapDetector.MAX_ANSWERS_PER_SECOND + " position requests in a second");
                }
            }
            default -> {
                List<NodeMessage.StreamPosition> positions = message.readLast(NodeMessage::positionReport);
                if (channel.name.equals(BackplaneChannel.ALL)) {
                    gapDetector.onNodeReconnected(message.node);
                }
                gapDetector.onPositionReport(message.node, positions);
            }
        }
    }
}
