package io.tankws.core.outbox;

import io.tankws.Frame;
import io.tankws.Message;
import java.util.ArrayList;
import java.util.List;

/** The waiting messages of one client, in order. Guarded by its own lock, which the {@link Outbox} takes. */
abstract class Waiting {
    /**
     * Maximum bytes of one write, unless a single message is larger. A slow peer must be able to finish a write in
     * time.
     */
    static final int MAX_WRITE_BYTES = 64 * 1024;

    /** Capacity above which the queue of an idle client is released. */
    private static final int KEPT_CAPACITY = 64;
    /** Time without messages after which any queue is released. */
    private static final long IDLE_NANOS = 1_000_000_000;

    /** Batch that was added while the queue was empty. A further message moves all of it to the queue. */
    private MessageBatch sharedBatch;

    private long onlySince;
    private MessageRing queue;
    private int queuedBytes;

    /** Keeps a batch without copying while no other message waits. */
    final void setSharedBatch(MessageBatch burst, long now) {
        sharedBatch = burst;
        onlySince = now;
        queuedBytes = burst.bytes;
    }

    final void add(Message message, long now) {
        queue().add(message, now);
        queuedBytes += message.frame().length();
    }

    /** Moves the shared batch to the queue. */
    final MessageRing queue() {
        if (queue == null) {
            queue = new MessageRing();
        }
        if (sharedBatch != null) {
            for (Message message : sharedBatch.messages) {
                queue.add(message, onlySince);
            }
            sharedBatch = null;
        }
        return queue;
    }

    /** Releases an empty queue that has not been used for some time. */
    final void trim(long now) {
        if (queue != null && now - queue.latestTime() > IDLE_NANOS) {
            queue = null;
        }
    }

    final int size() {
        if (sharedBatch != null) {
            return sharedBatch.size();
        }
        return queue == null ? 0 : queue.size();
    }

    final int queuedBytes() {
        return queuedBytes;
    }

    /** Removes the oldest message. The queue must not be empty. */
    final Message poll() {
        return removed(queue().poll());
    }

    /** Removes the newest message. The queue must not be empty. */
    final Message pollLast() {
        return removed(queue().pollLast());
    }

    private Message removed(Message message) {
        queuedBytes -= message.frame().length();
        return message;
    }

    /** Removes the marked messages. */
    final void remove(boolean[] marked) {
        queue().retain(i -> {
            if (marked[i]) {
                removed(queue.get(i));
            }
            return !marked[i];
        });
    }

    /** Takes the messages of one write. A shared batch is not copied. */
    final List<Frame> pollWrite() {
        if (sharedBatch != null) {
            List<Frame> frames = sharedBatch.frames;
            sharedBatch = null;
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
        sharedBatch = null;
        queue = null;
        queuedBytes = 0;
    }
}
