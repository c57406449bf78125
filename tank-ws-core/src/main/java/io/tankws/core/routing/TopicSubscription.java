package io.tankws.core.routing;

import io.tankws.Client;
import io.tankws.Payload;
import io.tankws.Subscription;
import io.tankws.core.concurrent.EpochNanos;
import java.time.Instant;
import java.util.Optional;

public final class TopicSubscription extends SnapshotSet.Entry implements Subscription {
    final Subscriber subscriber;
    private final long since = EpochNanos.now();
    private String name;
    /** Topic of the subscription. Written once under the lock of the session. */
    Topic topic;
    /** Terms of the topic authorizer, or {@code null} if it was not asked. Written under the lock of the session. */
    private volatile SubscriptionTerms terms;

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

    /** Returns the terms of the topic authorizer, or {@code null} if it was not asked. */
    public SubscriptionTerms terms() {
        return terms;
    }

    /** Replaces the terms. Called under the lock of the session. */
    public void terms(SubscriptionTerms agreed) {
        terms = agreed;
    }

    @Override
    public Optional<Instant> expiresAt() {
        SubscriptionTerms current = terms;
        return current == null ? Optional.empty() : current.permission().expiresAt();
    }

    @Override
    public Optional<Payload> info() {
        SubscriptionTerms current = terms;
        return current == null ? Optional.empty() : current.permission().info();
    }

    @Override
    public boolean cancel() {
        return subscriber.cancel(this);
    }
}
