package io.tankws.core.presence;

import io.tankws.core.presence.TopicMembers.Present;

/** A member whose connection has ended, and that leaves when its grace is over. */
public final class PendingLeave {
    final TopicMembers members;
    final Present present;
    /** Running time at which the member leaves, in nanoseconds. */
    final long due;

    /** Number that orders leaves of the same time. */
    final long number;

    PendingLeave(TopicMembers members, Present present, long due, long number) {
        this.members = members;
        this.present = present;
        this.due = due;
        this.number = number;
    }

    /** Returns the topic. */
    public String topic() {
        return members.topic;
    }

    /** Returns whether these are the members that the leave belongs to. */
    public boolean isOf(TopicMembers candidate) {
        return members == candidate;
    }

    /** Reports the leave. Called without a lock. */
    public void report() {
        members.report();
    }
}
