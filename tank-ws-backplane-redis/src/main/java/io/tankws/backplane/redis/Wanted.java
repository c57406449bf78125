package io.tankws.backplane.redis;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The channels that are wanted, and what is still to be done for Redis to know it. Safe for use by several threads. */
final class Wanted {
    /** Of one command, and of what is under way: an outage of many channels ends step by step. */
    static final int MOST_CHANNELS = 500;

    /** What is to be said to Redis now; nothing more until all of it is answered. */
    record Batch(List<String> subscribe, List<String> unsubscribe) {
        boolean isEmpty() {
            return subscribe.isEmpty() && unsubscribe.isEmpty();
        }
    }

    private final Set<String> wanted = new HashSet<>();
    private final Set<String> inRedis = new HashSet<>();
    private final Set<String> changed = new LinkedHashSet<>();
    private final Set<String> unanswered = new HashSet<>();

    /** Wants a channel, and tells whether that is new. */
    synchronized boolean add(String channel) {
        return wanted.add(channel) && changed.add(channel);
    }

    /** Wants a channel no more, and tells whether that is new. */
    synchronized boolean remove(String channel) {
        return wanted.remove(channel) && changed.add(channel);
    }

    /** Begins anew: Redis knows of nothing. */
    synchronized void forget() {
        inRedis.clear();
        unanswered.clear();
        changed.clear();
        changed.addAll(wanted);
    }

    /** Takes the next batch; {@code null} while one is under way, or if there is nothing to do. */
    synchronized Batch next() {
        if (!unanswered.isEmpty() || changed.isEmpty()) {
            return null;
        }
        List<String> subscribe = new ArrayList<>();
        List<String> unsubscribe = new ArrayList<>();
        Iterator<String> all = changed.iterator();
        while (all.hasNext() && subscribe.size() + unsubscribe.size() < MOST_CHANNELS) {
            String channel = all.next();
            all.remove();
            if (wanted.contains(channel) != inRedis.contains(channel)) {
                (wanted.contains(channel) ? subscribe : unsubscribe).add(channel);
            }
        }
        unanswered.addAll(subscribe);
        unanswered.addAll(unsubscribe);
        return new Batch(subscribe, unsubscribe);
    }

    /** Redis has subscribed us; tells whether the channel is still wanted. */
    synchronized boolean subscribed(String channel) {
        unanswered.remove(channel);
        inRedis.add(channel);
        return wanted.contains(channel);
    }

    /** Redis has unsubscribed us; tells whether we had asked for it. */
    synchronized boolean unsubscribed(String channel) {
        inRedis.remove(channel);
        return unanswered.remove(channel);
    }

    /** Whether Redis knows of all that is wanted, and of nothing else. */
    synchronized boolean isSettled() {
        return unanswered.isEmpty() && changed.isEmpty();
    }
}
