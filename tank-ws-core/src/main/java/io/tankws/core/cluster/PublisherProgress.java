package io.tankws.core.cluster;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * How far a node has heard one publisher on one channel. Its {@link BackplaneChannel} guards it.
 *
 * <p>Each number of the publisher is taken once at most, so a letter that another program forged takes the place of
 * one real letter at most. What was taken is kept as lines of consecutive numbers. A number ahead of the current line
 * begins a new line, and what lies between is missed; a leap above {@link #MAX_LEAP} is garbage until the next number
 * follows it. A number behind the current line is dropped, until as many consecutive numbers follow that the
 * publisher must be there.
 */
final class PublisherProgress {
    /**
     * Letters that may be missed at once, and streams that may begin in that time, before a number counts as garbage.
     */
    static final long MAX_LEAP = 65_536;
    /** Consecutive letters elsewhere that move a line which nothing has followed yet. */
    private static final int SHORT_RUN = 2;
    /**
     * Consecutive letters behind a line that is established which move it back. More, because what a publisher's last
     * connection left behind may arrive after what its next one sent, and must not be delivered out of order.
     */
    private static final int LONG_RUN = 8;
    /** Lines that are remembered; one more forgets the shortest. */
    private static final int MAX_LINES = 8;
    /**
     * Runs that are followed at once, so that letters of several forgers do not interrupt each other; one more
     * forgets the oldest.
     */
    private static final int MAX_RUNS = 4;

    /** What became of a letter. */
    enum Arrival {
        /** It is new. */
        TAKEN,
        /** Its number was taken before, or is late and has not been counted as missed. */
        STALE,
        /** It is late, and has been counted as missed. */
        LATE,
        /** Its number leaps too far. */
        LEAPT
    }

    /** Numbers of one stream that were taken or accounted for, both ends included. */
    private static final class Line {
        private final long stream;
        private long from;
        private long to;

        private Line(long stream, long sequence) {
            this.stream = stream;
            from = sequence;
            to = sequence;
        }

        private long length() {
            return to - from + 1;
        }

        private boolean holds(long number, long sequence) {
            return stream == number && from <= sequence && sequence <= to;
        }

        /** Returns how many of its numbers are above one and below another. */
        private long between(long number, long above, long below) {
            return stream == number ? Math.max(0, Math.min(to, below - 1) - Math.max(from, above + 1) + 1) : 0;
        }
    }

    /** Consecutive letters that were dropped. */
    private record Run(long stream, long last, int length) {}

    private final List<Line> lines = new ArrayList<>(1);
    private final Deque<Run> runs = new ArrayDeque<>(1);
    private Line current;
    /** Letters that may have been missed before the first one, during an outage. */
    private long unsure;
    /** Letters that are missed because of the last one. */
    private long gap;

    private boolean exact;

    /** Stream and ends, both excluded, of the last range whose missing numbers were counted. */
    private long countedStream;

    private long countedAbove;
    private long countedBelow;

    /** Begins with the first letter, or the first head, of a publisher. */
    PublisherProgress(long stream, long sequence, long unsure) {
        current = new Line(stream, sequence);
        lines.add(current);
        this.unsure = unsure;
    }

    /** Returns the letters that may have been missed before the first one, once. */
    long takeUnsure() {
        long taken = unsure;
        unsure = 0;
        return taken;
    }

    /** Returns how many letters are missed because of what {@link #arrived} or {@link #settled} has taken. */
    long gap() {
        return gap;
    }

    /** Returns whether {@link #gap} is no upper bound. */
    boolean isExact() {
        return exact;
    }

    /** Judges a letter. */
    Arrival arrived(long stream, long sequence) {
        gap = 0;
        if (isTaken(stream, sequence)) {
            return Arrival.STALE;
        }
        if (isAhead(stream, sequence)) {
            if (isPlausible(stream, sequence) || follow(stream, sequence) >= SHORT_RUN) {
                advance(stream, sequence, sequence);
                return Arrival.TAKEN;
            }
            return Arrival.LEAPT;
        }
        int needed = current.length() == 1 ? SHORT_RUN : LONG_RUN;
        if (follow(stream, sequence) >= needed) {
            take(stream, sequence);
            return Arrival.TAKEN;
        }
        boolean counted = stream == countedStream && sequence > countedAbove && sequence < countedBelow;
        return counted ? Arrival.LATE : Arrival.STALE;
    }

    /**
     * Compares with what the publisher says: all letters up to that number have arrived, or never will.
     *
     * @param believed whether a leap is plausible, because this node may have missed any number of letters
     */
    Arrival settled(long stream, long sequence, boolean believed) {
        gap = 0;
        if (!isAhead(stream, sequence) || isTaken(stream, sequence)) {
            return Arrival.STALE;
        }
        if (!believed && !isPlausible(stream, sequence)) {
            return Arrival.LEAPT;
        }
        advance(stream, sequence, sequence + 1);
        return Arrival.TAKEN;
    }

    private boolean isTaken(long stream, long sequence) {
        return lines.stream().anyMatch(line -> line.holds(stream, sequence));
    }

    private boolean isAhead(long stream, long sequence) {
        return stream > current.stream || stream == current.stream && sequence > current.to;
    }

    private boolean isPlausible(long stream, long sequence) {
        return stream - current.stream <= MAX_LEAP && missing(stream, sequence) <= MAX_LEAP;
    }

    /** Returns how many numbers after the current line and below one were not taken. */
    private long missing(long stream, long below) {
        long above = stream == current.stream ? current.to : 0;
        long taken = 0;
        for (Line line : lines) {
            taken += line.between(stream, above, below);
        }
        return below - 1 - above - taken;
    }

    private void advance(long stream, long sequence, long below) {
        exact = isPlausible(stream, sequence);
        gap = missing(stream, below);
        if (gap > 0) {
            count(stream, below);
        }
        take(stream, sequence);
    }

    private void count(long stream, long below) {
        long above = stream == current.stream ? current.to : 0;
        boolean adjoins = stream == countedStream
                && stream == current.stream
                && current.from <= countedBelow
                && above >= countedAbove;
        countedAbove = adjoins ? countedAbove : above;
        countedBelow = adjoins ? Math.max(countedBelow, below) : below;
        countedStream = stream;
    }

    private void take(long stream, long sequence) {
        Line extended = current;
        if (current.stream != stream || current.to + 1 != sequence) {
            extended = lineBefore(stream, sequence);
        }
        extended.to = sequence;
        current = extended;
        Iterator<Line> others = lines.iterator();
        while (others.hasNext()) {
            Line next = others.next();
            if (next.stream == stream && next.from == sequence + 1) {
                // Forged letters had these numbers before.
                current.to = next.to;
                others.remove();
            }
        }
    }

    /** Returns the line that a number continues, or a new one. */
    private Line lineBefore(long stream, long sequence) {
        for (Line line : lines) {
            if (line.stream == stream && line.to + 1 == sequence) {
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
        Line line = new Line(stream, sequence);
        lines.add(line);
        return line;
    }

    /** Notes a letter elsewhere, and returns how many consecutive ones have come there. */
    private int follow(long stream, long sequence) {
        int length = 1;
        Iterator<Run> all = runs.iterator();
        while (all.hasNext()) {
            Run run = all.next();
            if (run.stream() == stream && run.last() + 1 == sequence) {
                length = run.length() + 1;
                all.remove();
                break;
            }
        }
        if (runs.size() == MAX_RUNS) {
            runs.remove();
        }
        runs.add(new Run(stream, sequence, length));
        return length;
    }
}
