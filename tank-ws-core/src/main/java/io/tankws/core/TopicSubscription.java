package io.tankws.core;

import io.tankws.Client;
import io.tankws.Subscription;
import java.time.Instant;

final class TopicSubscription extends Roster.Entry implements Subscription {
    final ClientSession session;
    final Instant since = Instant.now();
    private final String name;
    /** Where it was added; written once, under the session's lock. */
    Topic topic;

    TopicSubscription(ClientSession session, String name) {
        this.session = session;
        this.name = name;
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
        return since;
    }

    @Override
    public boolean cancel() {
        return session.cancel(this);
    }
}
