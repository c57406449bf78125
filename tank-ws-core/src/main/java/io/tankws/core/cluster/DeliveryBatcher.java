package io.tankws.core.cluster;

import io.tankws.Message;
import io.tankws.core.outbox.MessageBatch;
import io.tankws.core.routing.MessageRouter;
import io.tankws.core.routing.Subscriber;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one read brought from the backplane for this node's clients: queued together, so that each client gets it by one
 * write. Called by the backplane's thread alone.
 */
final class DeliveryBatcher {
    private static final int MOST_BYTES = 64 * 1024;

    /** Reports messages that could not be delivered. */
    interface Lost {
        /** Reports so many messages for a topic, {@code null} for broadcasts, and why. */
        void lost(String topic, int messages, Throwable cause);
    }

    private final MessageRouter router;
    private final Lost lost;
    private Map<String, List<Message>> byTopic = new LinkedHashMap<>();
    private List<Message> toAll = new ArrayList<>();
    private Subscriber excluded;
    private int bytes;

    DeliveryBatcher(MessageRouter router, Lost lost) {
        this.router = router;
        this.lost = lost;
    }

    void topic(String topic, List<Message> messages) {
        byTopic.merge(topic, messages, (before, added) -> {
            before.addAll(added);
            return before;
        });
        count(messages);
    }

    /** For all but one, {@code null} for all. */
    void all(List<Message> messages, Subscriber but) {
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

    /** Delivers what has been collected. A failure for one topic is reported as missed messages, and ends no other. */
    void flush() {
        Map<String, List<Message>> topics = byTopic;
        // Taken out first: nothing is delivered twice, whatever happens.
        byTopic = topics.isEmpty() ? topics : new LinkedHashMap<>();
        flushToAll();
        topics.forEach((topic, messages) ->
                deliver(topic, messages, () -> router.publish(topic, MessageBatch.of(messages), this)));
        bytes = 0;
    }

    private void flushToAll() {
        if (!toAll.isEmpty()) {
            List<Message> messages = toAll;
            toAll = new ArrayList<>();
            deliver(null, messages, () -> router.broadcast(MessageBatch.of(messages), excluded, this));
        }
    }

    private void deliver(String topic, List<Message> messages, Runnable delivery) {
        try {
            delivery.run();
        } catch (RuntimeException | Error e) {
            lost.lost(topic, messages.size(), e);
        }
    }
}
