package io.tankws.core.outbox;

import io.tankws.ClientLimits;
import io.tankws.Message;
import java.util.HashSet;
import java.util.Set;

/** The choice of the messages that make room under {@code CONFLATE}. */
final class Conflation {
    private Conflation() {}

    /** Marks all but the latest message of each topic, the incoming one included. */
    static boolean[] stale(MessageRing queue, Message incoming) {
        Set<String> seen = new HashSet<>();
        incoming.topic().ifPresent(seen::add);
        boolean[] stale = new boolean[queue.size()];
        for (int i = stale.length - 1; i >= 0; i--) {
            String topic = queue.get(i).topic().orElse(null);
            stale[i] = topic != null && !seen.add(topic);
        }
        return stale;
    }

    /** Marks the oldest messages without a topic until a quarter of the bounds is free. */
    static boolean[] plain(MessageRing queue, int underWay, long waitingBytes, ClientLimits limits) {
        boolean[] plain = new boolean[queue.size()];
        long bytes = waitingBytes;
        int messages = underWay + plain.length;
        for (int i = 0; i < plain.length; i++) {
            if (messages <= threeQuarters(limits.outboxMessages()) && bytes <= threeQuarters(limits.outboxBytes())) {
                break;
            }
            plain[i] = queue.get(i).topic().isEmpty();
            if (plain[i]) {
                messages--;
                bytes -= queue.get(i).frame().length();
            }
        }
        return plain;
    }

    private static int threeQuarters(int bound) {
        return bound - bound / 4 - 1;
    }
}
