package io.tankws.core;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** One channel that a node is, or will be, subscribed to, and how far it has heard each publisher there. */
final class Channel {
    /** Of broadcasts and commands. */
    static final String ALL = "b";

    private static final String TOPIC = "t:";
    private static final String NODE = "n:";
    /** Publishers of one channel that are remembered; one more forgets the one that was silent longest. */
    private static final int MOST_PUBLISHERS = 1024;

    /** Is told what was missed. */
    interface Missed {
        void missed(Channel channel, long node, long count, boolean exact);
    }

    private static final class Progress {
        private long stream;
        private long sequence;
        /** Before the first that was heard there may have been so many more, during an outage. */
        private long unsure;
    }

    final String name;
    /** {@code null} for another channel. */
    final String topic;
    /** What waits until the channel is heard; the {@link Departures}' lock guards this and the next. */
    final Set<Departure> held = new LinkedHashSet<>();

    /** Or left: nothing has to wait for it. */
    boolean heard;
    /** Of this node, to the topic; {@link Channels} guards it. */
    int subscribers;

    private boolean interrupted;
    private final Map<Long, Progress> publishers = new LinkedHashMap<>(4, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Progress> eldest) {
            return size() > MOST_PUBLISHERS;
        }
    };

    Channel(String name) {
        this.name = name;
        topic = name.startsWith(TOPIC) ? name.substring(TOPIC.length()) : null;
    }

    static String ofTopic(String topic) {
        return TOPIC + topic;
    }

    static String ofNode(String node) {
        return NODE + node;
    }

    /** From now on, until it is heard again, messages may be missed. */
    synchronized void interrupt() {
        interrupted = true;
    }

    synchronized boolean wasInterrupted() {
        return interrupted;
    }

    /** Notes a letter, and tells whether it is new. */
    synchronized boolean arrived(Letter letter, Missed missed) {
        Progress progress = publishers.get(letter.node);
        if (progress == null) {
            progress = begin(letter.node);
            // Whatever came before was published before this node subscribed, unless it was deaf meanwhile.
            progress.unsure = interrupted ? letter.sequence - 1 : 0;
        } else if (letter.stream < progress.stream
                || letter.stream == progress.stream && letter.sequence <= progress.sequence) {
            return false;
        } else {
            long expected = letter.stream == progress.stream ? progress.sequence + 1 : 1;
            if (letter.sequence > expected) {
                missed.missed(this, letter.node, letter.sequence - expected, true);
            }
        }
        progress.stream = letter.stream;
        progress.sequence = letter.sequence;
        return true;
    }

    /** Compares with what the publisher says; all that it had published then has arrived by now, or never will. */
    synchronized void settle(long node, Letter.Head head, Missed missed) {
        Progress progress = publishers.get(node);
        if (progress == null) {
            progress = begin(node);
            if (interrupted) {
                missed.missed(this, node, head.sequence(), false);
            }
        } else {
            if (progress.unsure > 0) {
                missed.missed(this, node, progress.unsure, false);
                progress.unsure = 0;
            }
            long known = head.stream() == progress.stream ? progress.sequence : 0;
            if (head.stream() < progress.stream || head.sequence() <= known) {
                return;
            }
            missed.missed(this, node, head.sequence() - known, true);
        }
        progress.stream = head.stream();
        progress.sequence = head.sequence();
    }

    private Progress begin(long node) {
        Progress progress = new Progress();
        publishers.put(node, progress);
        return progress;
    }
}
