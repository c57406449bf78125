package io.tankws.core.presence;

import io.tankws.Presence;
import io.tankws.PresenceCounts;
import io.tankws.PresenceEvent;
import io.tankws.PresenceMember;
import io.tankws.core.concurrent.SerialCalls;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The members of one topic on this node. Guarded by the lock of the topic, except {@link #report}. Bounded by the
 * subscribers of the topic and by {@link PendingLeaves}.
 *
 * <p>A member whose connection has ended stays present for the grace of the topic. The next connection of the same
 * user continues it: the user id is what a page keeps when it is loaded again. Without a user id of its own, each
 * connection has a generated one and continues no other.
 */
public final class TopicMembers {
    /**
     * A member.
     *
     * @param isReported whether its join is reported, so that its leave must be reported too
     * @param grace time for which it stays after the end of its connection, in nanoseconds
     */
    record Present(PresenceMember member, boolean isReported, long grace) {}

    final String topic;
    private final PresenceContext context;
    /** Members by the numbers of their clients, in the order of the subscriptions. */
    private final Map<Long, Present> present = new LinkedHashMap<>();
    /** Members whose connection has ended, by user, the oldest first. */
    private final Map<String, Deque<PendingLeave>> leaving = new HashMap<>();
    /** Numbers of members by user. */
    private final Map<String, Integer> users = new HashMap<>();
    /** Receivers of the events by the numbers of their clients, or {@code null} before the first one. */
    private @Nullable Map<Long, PresenceObserver> observers;

    private final SerialCalls reports = new SerialCalls();
    /** Number of members whose connection has ended. */
    private int leavingMembers;

    public TopicMembers(String topic, PresenceContext context) {
        this.topic = topic;
        this.context = context;
    }

    /** Creates the members of a topic, to which a client is the first to arrive. */
    public static TopicMembers of(String topic, Arrival first) {
        return new TopicMembers(topic, first.context);
    }

    /** Adds a member, which continues one of its user that has no connection. */
    public void join(Arrival arrival) {
        arrival.joined = this;
        if (arrival.observer != null) {
            if (observers == null) {
                observers = new LinkedHashMap<>();
            }
            observers.put(arrival.number, arrival.observer);
        }
        long grace = arrival.options.leaveGrace().toNanos();
        PresenceMember member = arrival.member;
        PendingLeave continued = takeLeaving(member.userId());
        if (continued != null) {
            PresenceMember same = new PresenceMember(
                    continued.present.member().id(),
                    member.clientId(),
                    member.userId(),
                    member.info(),
                    member.subscriptionInfo(),
                    member.node());
            present.put(arrival.number, new Present(same, continued.present.isReported(), grace));
            return;
        }
        boolean isReported = arrival.options.hasJoinLeave();
        present.put(arrival.number, new Present(member, isReported, grace));
        users.merge(member.userId(), 1, Integer::sum);
        if (isReported) {
            add(new PresenceEvent.Joined(topic, member, Instant.now()));
        }
    }

    private @Nullable PendingLeave takeLeaving(String userId) {
        Deque<PendingLeave> ofUser = leaving.get(userId);
        PendingLeave oldest = ofUser == null ? null : ofUser.peek();
        if (oldest == null) {
            return null;
        }
        removeLeaving(oldest);
        context.leaves().remove(oldest);
        return oldest;
    }

    private boolean removeLeaving(PendingLeave leave) {
        String userId = leave.present.member().userId();
        Deque<PendingLeave> ofUser = leaving.get(userId);
        if (ofUser == null || !ofUser.remove(leave)) {
            return false;
        }
        leavingMembers--;
        if (ofUser.isEmpty()) {
            leaving.remove(userId);
        }
        return true;
    }

    /**
     * Removes a member, or lets it wait for the next connection of its user. Has no effect if the client is no member.
     *
     * @param number number of the client
     * @param isDisconnected whether its connection has ended; otherwise only its subscription has
     */
    public void leave(long number, boolean isDisconnected) {
        Present leaver = present.remove(number);
        if (observers != null) {
            observers.remove(number);
        }
        if (leaver == null) {
            return;
        }
        if (isDisconnected && leaver.grace() > 0 && context.leaves().isOpen()) {
            await(leaver);
        } else {
            end(leaver);
        }
    }

    private void await(Present leaver) {
        PendingLeaves leaves = context.leaves();
        PendingLeave leave =
                new PendingLeave(this, leaver, context.clock().getAsLong() + leaver.grace(), leaves.nextNumber());
        leaving.computeIfAbsent(leaver.member().userId(), user -> new ArrayDeque<>(1))
                .add(leave);
        leavingMembers++;
        PendingLeave evicted = leaves.add(leave);
        if (evicted != null) {
            // It may belong to another topic, whose lock comes after this one is released.
            reports.add(() -> context.reports().expire(evicted));
        }
    }

    /** Removes a member whose grace is over, unless another connection has continued it. */
    public void expire(PendingLeave leave) {
        if (removeLeaving(leave)) {
            end(leave.present);
        }
    }

    private void end(Present leaver) {
        PresenceMember member = leaver.member();
        users.computeIfPresent(member.userId(), (user, members) -> members == 1 ? null : members - 1);
        if (leaver.isReported()) {
            add(new PresenceEvent.Left(topic, member, Instant.now()));
        }
    }

    private void add(PresenceEvent event) {
        if (!reports.offer(() -> context.reports().report(event))) {
            context.reports().lost();
        }
        if (!context.isCluster()) {
            deliver(event);
        }
    }

    /** Queues an event for the observers. */
    public void deliver(PresenceEvent event) {
        if (observers != null && !observers.isEmpty()) {
            List<PresenceObserver> receivers = List.copyOf(observers.values());
            EncodedEvent encoded = new EncodedEvent(event);
            receivers.forEach(encoded::queue);
            if (!reports.offer(
                    () -> receivers.forEach(observer -> observer.outbox().flush()))) {
                context.reports().lost();
            }
        }
    }

    /** Makes the reports that are due. Called without a lock. */
    public void report() {
        reports.run();
    }

    /** Returns whether there is no member, not even one whose connection has ended. */
    public boolean isEmpty() {
        return present.isEmpty() && leavingMembers == 0;
    }

    /** Lists at most {@code max} members. */
    public Presence list(int max) {
        List<PresenceMember> members = new ArrayList<>(Math.min(max, present.size() + leavingMembers));
        present.values().stream().limit(max).map(Present::member).forEach(members::add);
        leaving.values().stream()
                .flatMap(Deque::stream)
                .limit(max - members.size())
                .map(leave -> leave.present.member())
                .forEach(members::add);
        return new Presence(members, members.size() < present.size() + leavingMembers, Set.of());
    }

    /** Counts the members. */
    public UserCount count() {
        long[] hashes = users.size() <= PresenceCounts.MAX_COMPARED_USERS
                ? users.keySet().stream().mapToLong(UserCount::hash).toArray()
                : new long[0];
        return new UserCount(present.size() + (long) leavingMembers, users.size(), hashes);
    }
}
