package io.tankws.core.outbox;

import io.tankws.Message;
import java.util.Arrays;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** A queue of messages with the time of each, and its position if it is part of a history. Not thread-safe. */
final class MessageRing {
    private static final int MIN_CAPACITY = 4;

    /** Ring buffer. Its capacity is a power of two. */
    private @Nullable Message[] messages = new Message[MIN_CAPACITY];

    private long[] times = new long[MIN_CAPACITY];
    /** Positions at the indexes of the messages, or {@code null} before the first message that has one. */
    private @Nullable TopicPosition @Nullable [] positions;

    private int head;
    private int size;

    int size() {
        return size;
    }

    int capacity() {
        return messages.length;
    }

    /**
     * Adds a message.
     *
     * @param position position in the history of its topic, or {@code null} if it has none
     */
    void add(Message message, long time, @Nullable TopicPosition position) {
        if (size == messages.length) {
            grow();
        }
        int slot = slot(size++);
        messages[slot] = message;
        times[slot] = time;
        if (position != null) {
            positions = positions == null ? new TopicPosition[messages.length] : positions;
            positions[slot] = position;
        }
    }

    /** Returns the message at an index; 0 is the oldest. */
    Message get(int index) {
        return messages[slot(index)];
    }

    /** Returns the position of the message at an index, or {@code null} if it has none. */
    @Nullable
    TopicPosition position(int index) {
        return positions == null ? null : positions[slot(index)];
    }

    /** Takes the position from each message of a topic. */
    void removePositions(String topic) {
        for (int i = 0; positions != null && i < size; i++) {
            TopicPosition position = positions[slot(i)];
            if (position != null && position.topic().equals(topic)) {
                positions[slot(i)] = null;
            }
        }
    }

    /** Returns the time of the oldest message. The queue must not be empty. */
    long oldestTime() {
        return times[head];
    }

    /** Removes the oldest message. The queue must not be empty. */
    Message poll() {
        Message message = clear(head);
        head = slot(1);
        size--;
        return message;
    }

    /** Removes the newest message. The queue must not be empty. */
    Message pollLast() {
        return clear(slot(--size));
    }

    private Message clear(int slot) {
        Message message = messages[slot];
        messages[slot] = null;
        if (positions != null) {
            positions[slot] = null;
        }
        return message;
    }

    /**
     * Keeps the messages whose index the predicate accepts, in order. It is called once for each, the oldest first.
     */
    void retain(IntPredicate keep) {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (keep.test(i)) {
                int from = slot(i);
                int to = slot(kept++);
                messages[to] = messages[from];
                times[to] = times[from];
                if (positions != null) {
                    positions[to] = positions[from];
                }
            }
        }
        while (size > kept) {
            pollLast();
        }
    }

    private int slot(int index) {
        return head + index & messages.length - 1;
    }

    private void grow() {
        int capacity = messages.length;
        Message[] moreMessages = Arrays.copyOfRange(messages, head, head + 2 * capacity);
        long[] moreTimes = Arrays.copyOfRange(times, head, head + 2 * capacity);
        System.arraycopy(messages, 0, moreMessages, capacity - head, head);
        System.arraycopy(times, 0, moreTimes, capacity - head, head);
        if (positions != null) {
            TopicPosition[] morePositions = Arrays.copyOfRange(positions, head, head + 2 * capacity);
            System.arraycopy(positions, 0, morePositions, capacity - head, head);
            positions = morePositions;
        }
        messages = moreMessages;
        times = moreTimes;
        head = 0;
    }
}
