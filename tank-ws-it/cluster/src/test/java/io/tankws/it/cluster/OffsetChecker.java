package io.tankws.it.cluster;

import io.tankws.StreamPosition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The checker of what one subscriber has received of one topic. It knows the positions of publications from the stages
 * of the publishers and from the history, and nothing about the nodes.
 */
final class OffsetChecker {
    private final Map<String, StreamPosition> positions = new HashMap<>();

    /** Learns the positions of publications, by their texts. */
    void learn(Map<String, StreamPosition> known) {
        positions.putAll(known);
    }

    /**
     * The findings about one sequence of publications.
     *
     * @param missing number of offsets that are missing between publications of the same epoch
     * @param epochs number of changes of the epoch
     * @param violations descriptions of publications that were repeated or out of order
     */
    record Findings(long missing, int epochs, List<String> violations) {}

    /**
     * Checks the texts in the order in which they were received. Between two texts with known positions of one epoch,
     * the offsets must increase by one with each text.
     */
    Findings check(List<String> received) {
        long missing = 0;
        int epochs = 0;
        List<String> violations = new ArrayList<>();
        StreamPosition last = null;
        int lastIndex = 0;
        for (int i = 0; i < received.size(); i++) {
            StreamPosition position = positions.get(received.get(i));
            if (position == null) {
                continue;
            }
            if (last != null && !last.epoch().equals(position.epoch())) {
                epochs++;
            } else if (last != null) {
                long skipped = position.offset() - last.offset() - (i - lastIndex);
                if (skipped < 0) {
                    violations.add(received.get(i) + " at " + position + " follows " + received.get(lastIndex) + " at "
                            + last);
                } else {
                    missing += skipped;
                }
            }
            last = position;
            lastIndex = i;
        }
        return new Findings(missing, epochs, violations);
    }
}
