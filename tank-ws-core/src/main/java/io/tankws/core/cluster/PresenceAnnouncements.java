package io.tankws.core.cluster;

import io.tankws.BackplaneException.Reason;
import io.tankws.PresenceEvent;
import io.tankws.core.concurrent.SerialCalls;
import io.tankws.spi.support.RunningTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The join and leave events of the members of this node on their way through the backplane, which gives them one order
 * with the publications of their topics on all nodes.
 *
 * <p>This node delivers each of its events once: when it returns from the backplane, or without it when the publish
 * has failed or nothing returns in time. It then also delivers the earlier events of the same member, so that a join
 * precedes its leave. The leave of a member whose join has reached no other node is not published.
 */
final class PresenceAnnouncements {
    /** Maximum number of events on their way. When it is reached, the oldest one is delivered without the backplane. */
    static final int MAX_IN_FLIGHT = 16 * 1024;
    /** Number of publish timeouts after which an event is delivered without the backplane. */
    private static final int TIMEOUTS = 3;

    private final long node;
    private final ClusterPublisher publisher;
    private final Consumer<PresenceEvent> delivery;
    /** Nanoseconds after which an event is delivered without the backplane. */
    private final long timeout;

    /** Events by number, the oldest first. */
    private final Map<Long, Announced> inFlight = new LinkedHashMap<>();
    /** Numbers of the joins on their way, by member and topic. */
    private final Map<String, Long> joins = new HashMap<>();
    /** Members and topics whose join has reached no other node. Bounded by the members of this node. */
    private final Set<String> unknownElsewhere = new HashSet<>();

    private final SerialCalls deliveries = new SerialCalls();
    private long lastNumber;

    private record Announced(PresenceEvent event, long since) {}

    /**
     * Creates an empty set.
     *
     * @param delivery delivers an event to the subscribers of this node; called without a lock
     */
    PresenceAnnouncements(
            long node, ClusterPublisher publisher, Duration publishTimeout, Consumer<PresenceEvent> delivery) {
        this.node = node;
        this.publisher = publisher;
        this.delivery = delivery;
        timeout = publishTimeout.toNanos() * TIMEOUTS;
    }

    private static String key(PresenceEvent event) {
        return event.member().id() + " " + event.topic();
    }

    /** Publishes an event to all nodes. The calls for one topic come one at a time. */
    void announce(PresenceEvent event) {
        long number = add(event);
        if (event instanceof PresenceEvent.Left && isUnknownElsewhere(event)) {
            deliverHere(number, true);
        } else if (!NodeMessage.isEncodable(event.topic()) || !PresenceCodec.isEncodable(event.member())) {
            publisher.refuse("a user id and a topic of a cluster must be Unicode of at most "
                    + NodeMessage.MAX_TEXT_BYTES + " bytes, so other nodes do not receive a join");
            deliverHere(number, true);
        } else {
            publish(number, event);
        }
    }

    private void publish(long number, PresenceEvent event) {
        byte[] message = PresenceCodec.event(node, number, event);
        publisher
                .send(BackplaneChannel.ofTopic(event.topic()), message, () -> deliverHere(number, true))
                .whenComplete((nothing, failure) -> {
                    if (failure != null) {
                        Reason reason =
                                PendingPublish.toBackplaneException(failure).reason();
                        deliverHere(number, reason != Reason.UNCERTAIN);
                    }
                });
        deliverOverflow();
    }

    private synchronized boolean isUnknownElsewhere(PresenceEvent event) {
        return unknownElsewhere.remove(key(event));
    }

    private synchronized long add(PresenceEvent event) {
        inFlight.put(++lastNumber, new Announced(event, RunningTime.nanoTime()));
        if (event instanceof PresenceEvent.Joined) {
            joins.put(key(event), lastNumber);
        }
        return lastNumber;
    }

    private void deliverOverflow() {
        long oldest;
        synchronized (this) {
            if (inFlight.size() <= MAX_IN_FLIGHT) {
                return;
            }
            oldest = inFlight.keySet().iterator().next();
        }
        deliverHere(oldest, false);
    }

    /** Delivers an event of this node that has returned. Called by the thread of the backplane. */
    void returned(long number) {
        deliverHere(number, false);
    }

    /**
     * Delivers an event and the earlier join of the same member, unless they have been delivered.
     *
     * @param hasFailed whether no other node has received it
     */
    private void deliverHere(long number, boolean hasFailed) {
        synchronized (this) {
            Announced announced = inFlight.remove(number);
            if (announced == null) {
                return;
            }
            PresenceEvent event = announced.event();
            Long join = joins.remove(key(event));
            Announced earlier = join == null ? null : inFlight.remove(join);
            if (earlier != null) {
                deliveries.add(() -> delivery.accept(earlier.event()));
            }
            if (hasFailed && event instanceof PresenceEvent.Joined) {
                unknownElsewhere.add(key(event));
            }
            deliveries.add(() -> delivery.accept(event));
        }
        deliveries.run();
    }

    /** Delivers the events that have not returned in time. */
    void check(long now) {
        List<Long> overdue = new ArrayList<>();
        synchronized (this) {
            for (Map.Entry<Long, Announced> entry : inFlight.entrySet()) {
                if (now - entry.getValue().since() < timeout) {
                    break;
                }
                overdue.add(entry.getKey());
            }
        }
        overdue.forEach(number -> deliverHere(number, false));
    }
}
