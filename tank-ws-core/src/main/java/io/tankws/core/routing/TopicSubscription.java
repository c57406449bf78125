package io.tankws.core.routing;

import io.tankws.Client;
import io.tankws.Subscription;
import io.tankws.core.concurrent.EpochNanos;
import java.time.Instant;

public final class TopicSubscription extends SnapshotSet.Entry implements Subscription {
    final Subscriber subscriber;
    private final long since = EpochNanos.now();
    private String name;
    /** Topic of the subscription. Written once under the lock of the session. */
    Topic topic;

    public TopicSubscription(Subscriber subscriber, String name) {
        this.subscriber = subscriber;
        this.name = name;
    }

    /** Shares the name of the topic, of which each subscribing client brings a copy. */
    void addedTo(Topic found) {
        topic = found;
        name = found.name;
    }

    @Override
    public Client client() {
        return subscriber;
    }

    @Override
    public String topic() {
        return name;
    }

    @Override
    public Instant since() {
        return EpochNanos.instant(since);
    }

    @Override
    public boolean cancel() {
        return subscriber.cancel(this);
    }
}
