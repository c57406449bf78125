package io.tankws.core.presence;

import io.tankws.PresenceEvent;

/** The receiver of the events of the members of this node. */
public interface PresenceReports {
    /**
     * Publishes an event. The calls for one topic come one at a time, in the order of the events, and without a lock.
     */
    void report(PresenceEvent event);

    /** Carries out a leave early, because too many members wait. Called without a lock. */
    void expire(PendingLeave leave);

    /** Counts an event that was dropped because too many wait. Called under locks. */
    void lost();
}
