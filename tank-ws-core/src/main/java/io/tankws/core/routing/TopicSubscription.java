package io.tankws.core.routing;

import io.tankws.Client;
import io.tankws.Subscription;
import io.tankws.core.concurrent.EpochNanos;
import io.tankws.core.session.ClientSession;
import java.time.Instant;

public final class TopicSubscription extends SnapshotSet.Entry implements Subscription {
    final ClientSession session;
    private final long since = EpochNanos.now();
    private String name;
    /** Where it was added; written once, under the session's lock. */
    Topic topic;

    public TopicSubscription(ClientSession session, String name) {
        this.session = session;
        this.name = name;
    }

    /** From now on it shares the topic's name, of which each client that subscribes brings a copy. */
    void addedTo(Topic found) {
        topic = found;
        name = found.name;
    }

    @Override
    public Client client() {
        return session;
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
        return session.cancel(this);
    }
}
