package io.tankws.core.routing;

import io.tankws.Client;
import io.tankws.Payload;
import io.tankws.Subscription;
import io.tankws.core.concurrent.EpochNanos;
import io.tankws.spi.ProtocolEncoding;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

public final class TopicSubscription extends SnapshotSet.Entry implements Subscription {
    final Subscriber subscriber;
    private final long since = EpochNanos.now();
    final Topic topic;
    /** Encoding of the publications; the plain protocol or that of another protocol. */
    final ProtocolEncoding encoding;
    /** Terms of the topic authorizer, or {@code null} if it was not asked. Written under the lock of the session. */
    private volatile @Nullable SubscriptionTerms terms;

    TopicSubscription(Subscriber subscriber, Topic topic, ProtocolEncoding encoding) {
        this.encoding = encoding;
        this.subscriber = subscriber;
        this.topic = topic;
    }

    @Override
    public Client client() {
        return subscriber;
    }

    @Override
    public String topic() {
        return topic.name;
    }

    @Override
    public Instant since() {
        return EpochNanos.instant(since);
    }

    /** Returns the encoding of the publications. */
    public ProtocolEncoding encoding() {
        return encoding;
    }

    /** Returns the terms of the topic authorizer, or {@code null} if it was not asked. */
    public @Nullable SubscriptionTerms terms() {
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
