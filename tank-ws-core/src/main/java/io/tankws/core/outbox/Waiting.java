package io.tankws.core.outbox;

import io.tankws.Frame;
import io.tankws.Message;
import java.util.ArrayList;
import java.util.List;

/** The messages that wait for one client, in order. Guarded by its own lock, which the {@link Outbox} takes. */
abstract class Waiting {
    /** Most bytes of one write, unless a single message is larger: a slow peer must be able to finish one in time. */
    static final int MAX_WRITE_BYTES = 64 * 1024;

    /** A queue that grew beyond this is not kept for an idle client. */
    private static final int KEPT_CAPACITY = 64;
    /** Nor is any, if nothing has come for so long. */
    private static final long IDLE_NANOS = 1_000_000_000;

    /** What came while nothing else waited; once more follows, all is in the queue. */
    private MessageBatch only;

    private long onlySince;
    private MessageRing queue;
    private int queuedBytes;

    /** Keeps messages as they are while nothing else waits. */
    final void addOnly(MessageBatch burst, long now) {
        only = burst;
        onlySince = now;
        queuedBytes = burst.bytes;
    }

    final void add(Message message, long now) {
        queue().add(message, now);
        queuedBytes += message.frame().length();
    }

    /** With what shared a list with others until now. */
    final MessageRing queue() {
        if (queue == null) {
            queue = new MessageRing();
        }
        if (only != null) {
            for (Message message : only.messages) {
                queue.add(message, onlySince);
            }
            only = null;
        }
        return queue;
    }

    /** Lets an empty queue go that was not used for some time. */
    final void forgetQueue(long now) {
        if (queue != null && now - queue.latestTime() > IDLE_NANOS) {
            queue = null;
        }
    }

    final int size() {
        if (only != null) {
            return only.size();
        }
        return queue == null ? 0 : queue.size();
    }

    final int queuedBytes() {
        return queuedBytes;
    }

    /** Takes the oldest; there must be one. */
    final Message poll() {
        return removed(queue().poll());
    }

    /** Takes the newest; there must be one. */
    final Message pollLast() {
        return removed(queue().pollLast());
    }

    private Message removed(Message message) {
        queuedBytes -= message.frame().length();
        return message;
    }

    /** Removes those that are marked. */
    final void remove(boolean[] marked) {
        queue().retain(i -> {
            if (marked[i]) {
                removed(queue.get(i));
            }
            return !marked[i];
        });
    }

    /** Takes what makes one write; nothing is copied if it came together. */
    final List<Frame> pollWrite() {
        if (only != null) {
            List<Frame> frames = only.frames;
            only = null;
            queuedBytes = 0;
            return frames;
        }
        List<Frame> frames = new ArrayList<>(Math.min(size(), KEPT_CAPACITY));
        int taken = 0;
        while (size() > 0 && (taken == 0 || taken + queue.get(0).frame().length() <= MAX_WRITE_BYTES)) {
            Frame frame = queue.poll().frame();
            frames.add(frame);
            taken += frame.length();
        }
        queuedBytes -= taken;
        if (size() == 0 && queue != null && queue.capacity() > KEPT_CAPACITY) {
            queue = null;
        }
        return frames;
    }

    final void clear() {
        only = null;
        queue = null;
        queuedBytes = 0;
    }
}
