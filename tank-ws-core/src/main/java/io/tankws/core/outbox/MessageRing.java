package io.tankws.core.outbox;

import io.tankws.Message;
import java.util.Arrays;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** A queue of messages with the time of each. Not thread-safe. */
final class MessageRing {
    private static final int MIN_CAPACITY = 4;

    /** Ring buffer. Its capacity is a power of two. */
    private @Nullable Message[] messages = new Message[MIN_CAPACITY];

    private long[] times = new long[MIN_CAPACITY];
    private int head;
    private int size;

    int size() {
        return size;
    }

    int capacity() {
        return messages.length;
    }

    void add(Message message, long time) {
        if (size == messages.length) {
            grow();
        }
        int slot = slot(size++);
        messages[slot] = message;
        times[slot] = time;
    }

    /** Returns the message at an index; 0 is the oldest. */
    Message get(int index) {
        return messages[slot(index)];
    }

    /** Returns the time of the oldest message. The queue must not be empty. */
    long oldestTime() {
        return times[head];
    }

    /** Removes the oldest message. The queue must not be empty. */
    Message poll() {
        Message message = messages[head];
        messages[head] = null;
        head = slot(1);
        size--;
        return message;
    }

    /** Removes the newest message. The queue must not be empty. */
    Message pollLast() {
        int slot = slot(--size);
        Message message = messages[slot];
        messages[slot] = null;
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
        messages = moreMessages;
        times = moreTimes;
        head = 0;
    }
}
