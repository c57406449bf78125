package io.tankws.core.presence;

import io.tankws.PresenceEvent;

/** A subscription whose client receives the join and leave events of its topic. */
public interface PresenceObserver {
    /**
     * Queues an event after all publications that precede it. Called under the lock of the topic, so it must not
     * write.
     */
    void queue(PresenceEvent event);

    /** Writes the queued events. Called without a lock after each event. */
    void flush();
}
