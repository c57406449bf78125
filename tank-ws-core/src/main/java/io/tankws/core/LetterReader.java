package io.tankws.core;

import io.tankws.CloseStatus;
import io.tankws.Message;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Opens what arrives from the backplane, and drops, counts and reports what no node can have sent. Of the backplane's thread. */
final class LetterReader {
    /** Receives what letters bring, each number once at most. */
    interface Sink {
        void deliver(Channel channel, List<Message> messages, long node, long excluded);

        void close(String userId, CloseStatus status, long node);
    }

    private final Channels channels;
    private final Heads heads;
    private final LossReports losses;
    private final Sink sink;

    LetterReader(Channels channels, Heads heads, LossReports losses, Sink sink) {
        this.channels = channels;
        this.heads = heads;
        this.losses = losses;
        this.sink = sink;
    }

    void arrived(String name, byte[] bytes) {
        try {
            take(name, Letter.open(bytes));
        } catch (IllegalArgumentException e) {
            // The texts of these exceptions repeat nothing of the letter.
            losses.rejected(e.getMessage());
        }
    }

    /** Reads the whole letter before its number counts, so that a damaged one takes the place of none. */
    private void take(String name, Letter letter) {
        Channel channel = channels.find(name);
        if (channel == null) {
            // Left a moment ago.
            return;
        }
        channel.requireKind(letter.kind);
        switch (letter.kind) {
            case Letter.MESSAGES -> {
                letter.requireNumbers();
                long excluded = letter.read(Letter::number);
                List<Message> messages = letter.readLast(open -> open.messages(channel.topic));
                if (channel.arrived(letter, losses)) {
                    sink.deliver(channel, messages, letter.node, excluded);
                }
            }
            case Letter.CLOSE -> {
                letter.requireNumbers();
                CloseStatus status = letter.read(Letter::closeStatus);
                String userId = letter.readLast(Letter::text);
                if (channel.arrived(letter, losses)) {
                    sink.close(userId, status, letter.node);
                }
            }
            case Letter.HEADS_WANTED -> {
                long nanos = TimeUnit.MILLISECONDS.toNanos(letter.read(Letter::millis));
                List<String> wanted = letter.readLast(Letter::channels);
                if (!heads.asked(ClusterNode.name(letter.node), nanos, wanted)) {
                    losses.rejected("more than " + Heads.MAX_ANSWERS_PER_SECOND + " questions in a second");
                }
            }
            default -> {
                List<Letter.Head> claims = letter.readLast(Letter::heads);
                if (channel.name.equals(Channel.ALL)) {
                    heads.cameBack(letter.node);
                }
                heads.told(letter.node, claims);
            }
        }
    }
}
