package io.tankws.core;

import io.tankws.Client;
import io.tankws.Subscription;
import java.time.Instant;

final class TopicSubscription extends SnapshotSet.Entry implements Subscription {
    final ClientSession session;
    private final long since = EpochNanos.now();
    private String name;
    /** Where it was added; written once, under the session's lock. */
    Topic topic;

    TopicSubscription(ClientSession session, String name) {
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
