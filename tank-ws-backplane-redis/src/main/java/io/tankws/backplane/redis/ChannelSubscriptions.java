package io.tankws.backplane.redis;

import io.lettuce.core.RedisFuture;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Brings what one link hears in line with what is wanted, in batches: the next one goes when every channel of the one before is
 * acknowledged, so a channel never has two commands on their way, and a churn of channels costs few. Of the backplane's
 * thread.
 */
final class ChannelSubscriptions {
    /** Channels of one batch. Redis answers nobody else while it works on one. */
    private static final int BATCH = 500;

    private final RedisSession link;
    private final RedisKeys names;
    private final Set<String> wanted;
    private final Set<String> heard = new HashSet<>();

    /** Channels to look at, in the order in which they changed. */
    private final Set<String> changed = new LinkedHashSet<>();

    private final Set<String> subscribing = new HashSet<>();
    private final Set<String> unsubscribing = new HashSet<>();

    /** Of those that were wanted in the beginning, how many have not been looked at, at most. */
    private int first;

    private boolean begun;
    private boolean complete;

    ChannelSubscriptions(RedisSession link, RedisKeys names, Set<String> wanted) {
        this.link = link;
        this.names = names;
        this.wanted = wanted;
    }

    void begin() {
        begun = true;
        changed.addAll(wanted);
        first = changed.size();
        next();
    }

    boolean hasBegun() {
        return begun;
    }

    /** Whether all that was wanted when it began is heard; does not wait for what is wanted since, which may never end. */
    boolean isComplete() {
        return complete;
    }

    /** Something about the channel has changed. */
    void changed(String channel) {
        if (!begun) {
            return;
        }
        if (wanted.contains(channel) || heard.contains(channel) || subscribing.contains(channel)) {
            changed.add(channel);
            next();
        } else {
            // Wanted no more before its turn came; else such names would pile up while Redis is silent.
            changed.remove(channel);
        }
    }

    /** Returns whether that was asked for. */
    boolean subscribed(String channel) {
        boolean asked = subscribing.remove(channel);
        if (asked) {
            heard.add(channel);
            link.heard(channel);
            next();
        }
        return asked;
    }

    /** Returns whether that was asked for. */
    boolean unsubscribed(String channel) {
        boolean asked = unsubscribing.remove(channel);
        if (asked) {
            heard.remove(channel);
            next();
        }
        return asked;
    }

    private void next() {
        while (subscribing.isEmpty() && unsubscribing.isEmpty() && !link.isClosed()) {
            complete |= first == 0 || changed.isEmpty();
            if (changed.isEmpty()) {
                return;
            }
            take();
            send();
        }
    }

    private void take() {
        Iterator<String> channels = changed.iterator();
        for (int count = 0; count < BATCH && channels.hasNext(); count++) {
            String channel = channels.next();
            channels.remove();
            first = Math.max(0, first - 1);
            boolean on = wanted.contains(channel);
            if (on != heard.contains(channel)) {
                (on ? subscribing : unsubscribing).add(channel);
            } else if (on) {
                // Wanted no more, and anew, while a batch was on its way: it was heard all the while.
                link.heard(channel);
            }
        }
    }

    /** The channels of a Redis Cluster go one by one: those of one command would have to share a slot. */
    private void send() {
        List<byte[]> on = subscribing.stream().map(names::channel).toList();
        List<byte[]> off = unsubscribing.stream().map(names::channel).toList();
        if (link.isCluster()) {
            on.forEach(channel -> sent(link.shard(channel).subscribe(List.of(channel))));
            off.forEach(channel -> sent(link.shard(channel).unsubscribe(List.of(channel))));
        } else {
            if (!on.isEmpty()) {
                sent(link.shard(on.get(0)).subscribe(on));
            }
            if (!off.isEmpty()) {
                sent(link.shard(off.get(0)).unsubscribe(off));
            }
        }
    }

    private void sent(RedisFuture<Void> command) {
        command.whenComplete((nothing, failure) -> {
            if (failure != null) {
                link.fail(failure);
            }
        });
    }
}
