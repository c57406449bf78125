package io.tankws.core.cluster;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * The position of a node in the stream of one publisher on one channel. Guarded by its {@link BackplaneChannel}.
 *
 * <p>Each offset is accepted at most once, so a forged message replaces at most one real message. Accepted offsets
 * are kept as runs of consecutive offsets. An offset ahead of the current run starts a new run, and the offsets in
 * between are missed. A leap above {@link #MAX_LEAP} is invalid until the next offset follows it. An offset before
 * the current run is dropped, until so many consecutive offsets follow that the publisher must be there.
 */
final class PublisherProgress {
    /**
     * Maximum number of messages missed at once, and of epochs started in that time, before an offset counts as
     * invalid.
     */
    static final long MAX_LEAP = 65_536;
    /** Number of consecutive messages elsewhere that move a run which no message has continued. */
    private static final int SHORT_RUN = 2;
    /**
     * Number of consecutive messages before an established run that move it back. It is higher, because messages of
     * the previous connection of a publisher may arrive after those of the next one, and must not be delivered out of
     * order.
     */
    private static final int LONG_RUN = 8;
    /** Maximum number of remembered runs. A further one replaces the shortest. */
    private static final int MAX_LINES = 8;
    /**
     * Maximum number of candidate runs, so that messages of several forgers do not interrupt each other. A further
     * one replaces the oldest.
     */
    private static final int MAX_RUNS = 4;

    /** The result for a message. */
    enum Arrival {
        /** The message is new. */
        TAKEN,
        /** The offset was accepted before, or is late and has not been counted as missed. */
        STALE,
        /** The message is late and has been counted as missed. */
        LATE,
        /** The offset leaps too far. */
        LEAPT
    }

    /** Offsets of one epoch that were accepted or accounted for, both ends included. */
    private static final class Line {
        private final long epoch;
        private long from;
        private long to;

        private Line(long epoch, long offset) {
            this.epoch = epoch;
            from = offset;
            to = offset;
        }

        private long length() {
            return to - from + 1;
        }

        private boolean holds(long epoch, long offset) {
            return this.epoch == epoch && from <= offset && offset <= to;
        }

        /** Returns the number of its offsets between two offsets, both excluded. */
        private long between(long epoch, long above, long below) {
            return this.epoch == epoch ? Math.max(0, Math.min(to, below - 1) - Math.max(from, above + 1) + 1) : 0;
        }
    }

    /** A run of consecutive dropped messages. */
    private record Run(long epoch, long last, int length) {}

    private final List<Line> lines = new ArrayList<>(1);
    private final Deque<Run> runs = new ArrayDeque<>(1);
    private Line current;
    /** Number of messages that may have been missed before the first one, during an outage. */
    private long possiblyMissed;
    /** Number of messages missed because of the last one. */
    private long gap;

    private boolean exact;

    /** Epoch and ends, both excluded, of the last range whose missing offsets were counted. */
    private long countedEpoch;

    private long countedAbove;
    private long countedBelow;

    /** Creates the progress at the first message or position of a publisher. */
    PublisherProgress(long epoch, long offset, long possiblyMissed) {
        current = new Line(epoch, offset);
        lines.add(current);
        this.possiblyMissed = possiblyMissed;
    }

    /** Returns the number of messages that may have been missed before the first one, once. */
    long takePossiblyMissed() {
        long taken = possiblyMissed;
        possiblyMissed = 0;
        return taken;
    }

    /** Returns the number of messages missed because of the last call of {@link #receive} or {@link #reconcile}. */
    long gap() {
        return gap;
    }

    /** Returns whether {@link #gap} is no upper bound. */
    boolean isExact() {
        return exact;
    }

    /** Decides on a message. */
    Arrival receive(long epoch, long offset) {
        gap = 0;
        if (isTaken(epoch, offset)) {
            return Arrival.STALE;
        }
        if (isAhead(epoch, offset)) {
            if (isPlausible(epoch, offset) || follow(epoch, offset) >= SHORT_RUN) {
                advance(epoch, offset, offset);
                return Arrival.TAKEN;
            }
            return Arrival.LEAPT;
        }
        int needed = current.length() == 1 ? SHORT_RUN : LONG_RUN;
        if (follow(epoch, offset) >= needed) {
            take(epoch, offset);
            return Arrival.TAKEN;
        }
        boolean counted = epoch == countedEpoch && offset > countedAbove && offset < countedBelow;
        return counted ? Arrival.LATE : Arrival.STALE;
    }

    /**
     * Compares with the position of the publisher: all messages up to it have arrived or are lost.
     *
     * @param anyLeapIsPlausible true if a leap is plausible, because this node may have missed any number of messages
     */
    Arrival reconcile(long epoch, long offset, boolean anyLeapIsPlausible) {
        gap = 0;
        if (!isAhead(epoch, offset) || isTaken(epoch, offset)) {
            return Arrival.STALE;
        }
        if (!anyLeapIsPlausible && !isPlausible(epoch, offset)) {
            return Arrival.LEAPT;
        }
        advance(epoch, offset, offset + 1);
        return Arrival.TAKEN;
    }

    private boolean isTaken(long epoch, long offset) {
        return lines.stream().anyMatch(line -> line.holds(epoch, offset));
    }

    private boolean isAhead(long epoch, long offset) {
        return epoch > current.epoch || epoch == current.epoch && offset > current.to;
    }

    private boolean isPlausible(long epoch, long offset) {
        return epoch - current.epoch <= MAX_LEAP && missing(epoch, offset) <= MAX_LEAP;
    }

    /** Returns the number of offsets between the current run and one offset that were not accepted. */
    private long missing(long epoch, long below) {
        long above = epoch == current.epoch ? current.to : 0;
        long taken = 0;
        for (Line line : lines) {
            taken += line.between(epoch, above, below);
        }
        return below - 1 - above - taken;
    }

    private void advance(long epoch, long offset, long below) {
        exact = isPlausible(epoch, offset);
        gap = missing(epoch, below);
        if (gap > 0) {
            count(epoch, below);
        }
        take(epoch, offset);
    }

    private void count(long epoch, long below) {
        long above = epoch == current.epoch ? current.to : 0;
        boolean adjoins = epoch == countedEpoch
                && epoch == current.epoch
                && current.from <= countedBelow
                && above >= countedAbove;
        countedAbove = adjoins ? countedAbove : above;
        countedBelow = adjoins ? Math.max(countedBelow, below) : below;
        countedEpoch = epoch;
    }

    private void take(long epoch, long offset) {
        Line extended = current;
        if (current.epoch != epoch || current.to + 1 != offset) {
            extended = lineBefore(epoch, offset);
        }
        extended.to = offset;
        current = extended;
        Iterator<Line> others = lines.iterator();
        while (others.hasNext()) {
            Line next = others.next();
            if (next.epoch == epoch && next.from == offset + 1) {
                // Forged messages had these offsets before.
                current.to = next.to;
                others.remove();
            }
        }
    }

    /** Returns the run that an offset continues, or a new one. */
    private Line lineBefore(long epoch, long offset) {
        for (Line line : lines) {
            if (line.epoch == epoch && line.to + 1 == offset) {
                return line;
            }
        }
        if (lines.size() == MAX_LINES) {
            Line shortest = null;
            for (Line line : lines) {
                if (line != current && (shortest == null || line.length() < shortest.length())) {
                    shortest = line;
                }
            }
            lines.remove(shortest);
        }
        Line line = new Line(epoch, offset);
        lines.add(line);
        return line;
    }

    /** Records a message elsewhere. Returns the number of consecutive ones there. */
    private int follow(long epoch, long offset) {
        int length = 1;
        Iterator<Run> all = runs.iterator();
        while (all.hasNext()) {
            Run run = all.next();
            if (run.epoch() == epoch && run.last() + 1 == offset) {
                length = run.length() + 1;
                all.remove();
                break;
            }
        }
        if (runs.size() == MAX_RUNS) {
            runs.remove();
        }
        runs.add(new Run(epoch, offset, length));
        return length;
    }
}
