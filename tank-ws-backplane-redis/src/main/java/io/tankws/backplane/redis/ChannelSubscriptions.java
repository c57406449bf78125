package io.tankws.backplane.redis;

import io.lettuce.core.RedisFuture;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The Redis subscriptions of one session. They follow the requested channels in batches. The next batch is sent when
 * Redis has acknowledged every channel of the previous one, so a channel never has two commands in flight, and
 * channels that change often cost few commands. Used by the backplane's event loop only.
 */
final class ChannelSubscriptions {
    /** Maximum number of channels in one command. Redis serves no other client while it executes the command. */
    private static final int BATCH = 500;

    private final RedisSession session;
    private final RedisKeys keys;
    private final Set<String> requested;
    private final Set<String> active = new HashSet<>();

    /** Channels whose state must be compared, in the order in which they changed. */
    private final Set<String> changed = new LinkedHashSet<>();

    private final Set<String> subscribing = new HashSet<>();
    private final Set<String> unsubscribing = new HashSet<>();

    /** Upper bound of the initially requested channels that have not been compared yet. */
    private int initialRemaining;

    private boolean started;
    private boolean complete;

    ChannelSubscriptions(RedisSession session, RedisKeys keys, Set<String> requested) {
        this.session = session;
        this.keys = keys;
        this.requested = requested;
    }

    void start() {
        started = true;
        changed.addAll(requested);
        initialRemaining = changed.size();
        sendBatches();
    }

    boolean hasStarted() {
        return started;
    }

    /**
     * Returns whether every channel that was requested at the start is subscribed. Channels that were requested later
     * do not count, because an application may add channels without end.
     */
    boolean isComplete() {
        return complete;
    }

    /** Compares a channel again after a subscribe or unsubscribe request. */
    void changed(String channel) {
        if (!started) {
            return;
        }
        if (requested.contains(channel) || active.contains(channel) || subscribing.contains(channel)) {
            changed.add(channel);
            sendBatches();
        } else {
            // The channel was released before its turn came. Such names would pile up while Redis does not answer.
            changed.remove(channel);
        }
    }

    /** Records an acknowledged subscription. Returns {@code false} if this session did not request it. */
    boolean subscribed(String channel) {
        boolean requestedHere = subscribing.remove(channel);
        if (requestedHere) {
            active.add(channel);
            session.reportSubscribed(channel);
            sendBatches();
        }
        return requestedHere;
    }

    /** Records an acknowledged unsubscription. Returns {@code false} if this session did not request it. */
    boolean unsubscribed(String channel) {
        boolean requestedHere = unsubscribing.remove(channel);
        if (requestedHere) {
            active.remove(channel);
            sendBatches();
        }
        return requestedHere;
    }

    private void sendBatches() {
        while (subscribing.isEmpty() && unsubscribing.isEmpty() && !session.isClosed()) {
            complete |= initialRemaining == 0 || changed.isEmpty();
            if (changed.isEmpty()) {
                return;
            }
            fillBatch();
            sendBatch();
        }
    }

    private void fillBatch() {
        Iterator<String> channels = changed.iterator();
        for (int count = 0; count < BATCH && channels.hasNext(); count++) {
            String channel = channels.next();
            channels.remove();
            initialRemaining = Math.max(0, initialRemaining - 1);
            boolean isRequested = requested.contains(channel);
            if (isRequested != active.contains(channel)) {
                (isRequested ? subscribing : unsubscribing).add(channel);
            } else if (isRequested) {
                // The channel was released and requested again while a batch was in flight. It stayed subscribed.
                session.reportSubscribed(channel);
            }
        }
    }

    /**
     * Sends the batch. In a Redis Cluster, each channel has its own command, because one command is limited to one
     * slot.
     */
    private void sendBatch() {
        List<byte[]> on = subscribing.stream().map(keys::channel).toList();
        List<byte[]> off = unsubscribing.stream().map(keys::channel).toList();
        if (session.isCluster()) {
            on.forEach(channel -> failSessionOnError(session.shard(channel).subscribe(List.of(channel))));
            off.forEach(channel -> failSessionOnError(session.shard(channel).unsubscribe(List.of(channel))));
        } else {
            if (!on.isEmpty()) {
                failSessionOnError(session.shard(on.get(0)).subscribe(on));
            }
            if (!off.isEmpty()) {
                failSessionOnError(session.shard(off.get(0)).unsubscribe(off));
            }
        }
    }

    private void failSessionOnError(RedisFuture<Void> command) {
        command.whenComplete((nothing, failure) -> {
            if (failure != null) {
                session.fail(failure);
            }
        });
    }
}
