package io.tankws.core.cluster;

import io.tankws.CloseStatus;
import io.tankws.Message;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The reader of messages from the backplane. It drops, counts and reports messages that no node can have sent. Used
 * by the thread of the backplane.
 */
final class NodeMessageReader {
    /** A receiver of parsed messages. Each offset is delivered at most once. */
    interface Sink {
        void deliver(BackplaneChannel channel, List<Message> messages, long node, long excluded);

        void close(String userId, CloseStatus status, long node);

        void command(UserCommand command, long number, long node);

        void confirmed(long number, long node);
    }

    private final ChannelRegistry channels;
    private final GapDetector gapDetector;
    private final LossReporter losses;
    private final Sink sink;

    NodeMessageReader(ChannelRegistry channels, GapDetector heads, LossReporter losses, Sink sink) {
        this.channels = channels;
        this.gapDetector = heads;
        this.losses = losses;
        this.sink = sink;
    }

    void arrived(String name, byte[] bytes) {
        try {
            take(name, NodeMessage.open(bytes));
        } catch (IllegalArgumentException e) {
            // The texts of these exceptions repeat no part of the message.
            losses.rejected(String.valueOf(e.getMessage()));
        }
    }

    /** Parses the whole message before its offset counts, so that a damaged message does not replace a valid one. */
    private void take(String name, NodeMessage letter) {
        BackplaneChannel channel = channels.find(name);
        if (channel == null) {
            // The channel was released a moment ago.
            return;
        }
        channel.requireKind(letter.kind);
        switch (letter.kind) {
            case NodeMessage.MESSAGES -> {
                letter.requireNumbers();
                long excluded = letter.read(NodeMessage::number);
                List<Message> messages = letter.readLast(open -> open.messages(channel.topic));
                if (channel.arrived(letter, losses)) {
                    sink.deliver(channel, messages, letter.node, excluded);
                }
            }
            case NodeMessage.CLOSE -> {
                letter.requireNumbers();
                CloseStatus status = letter.read(NodeMessage::closeStatus);
                String userId = letter.readLast(NodeMessage::text);
                if (channel.arrived(letter, losses)) {
                    sink.close(userId, status, letter.node);
                }
            }
            case NodeMessage.COMMAND -> {
                letter.requireNumbers();
                long number = letter.read(NodeMessage::number);
                UserCommand command = letter.readLast(NodeMessage::userCommand);
                if (channel.arrived(letter, losses)) {
                    sink.command(command, number, letter.node);
                }
            }
            case NodeMessage.CONFIRMATION -> sink.confirmed(letter.readLast(NodeMessage::number), letter.node);
            case NodeMessage.POSITION_REQUEST -> {
                long nanos = TimeUnit.MILLISECONDS.toNanos(letter.read(NodeMessage::millis));
                List<String> wanted = letter.readLast(NodeMessage::channels);
                if (!gapDetector.onPositionRequest(ClusterNode.name(letter.node), nanos, wanted)) {
                    losses.rejected("more than " + GapDetector.MAX_ANSWERS_PER_SECOND + " questions in a second");
                }
            }
            default -> {
                List<NodeMessage.StreamPosition> claims = letter.readLast(NodeMessage::positionReport);
                if (channel.name.equals(BackplaneChannel.ALL)) {
                    gapDetector.cameBack(letter.node);
                }
                gapDetector.onPositionReport(letter.node, claims);
            }
        }
    }
}
