package io.tankws.core;

import io.tankws.Message;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one read brought from the backplane for this node's clients: queued together, so that each client gets it by one
 * write. Called by the backplane's thread alone.
 */
final class Arrivals {
    private static final int MOST_BYTES = 64 * 1024;

    private final Engine engine;
    private final Map<String, List<Message>> byTopic = new LinkedHashMap<>();
    private List<Message> toAll = new ArrayList<>();
    private ClientSession excluded;
    private int bytes;

    Arrivals(Engine engine) {
        this.engine = engine;
    }

    void topic(String topic, List<Message> messages) {
        byTopic.merge(topic, messages, (before, added) -> {
            before.addAll(added);
            return before;
        });
        count(messages);
    }

    /** For all but one, {@code null} for all. */
    void all(List<Message> messages, ClientSession but) {
        if (but != excluded) {
            flushToAll();
            excluded = but;
        }
        toAll.addAll(messages);
        count(messages);
    }

    private void count(List<Message> messages) {
        for (Message message : messages) {
            bytes += message.frame().length();
        }
        if (bytes > MOST_BYTES) {
            flush();
        }
    }

    void flush() {
        flushToAll();
        if (!byTopic.isEmpty()) {
            byTopic.forEach((topic, messages) -> engine.deliver(topic, Burst.of(messages), this));
            byTopic.clear();
        }
        bytes = 0;
    }

    private void flushToAll() {
        if (!toAll.isEmpty()) {
            List<Message> messages = toAll;
            // The burst keeps the list.
            toAll = new ArrayList<>();
            engine.deliver(Burst.of(messages), excluded, this);
        }
    }
}
