package io.tankws.core.cluster;

import io.tankws.Message;
import io.tankws.Publication;
import io.tankws.core.outbox.MessageBatch;
import io.tankws.core.routing.MessageRouter;
import io.tankws.core.routing.Subscriber;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The batching of messages from the backplane to local clients. Messages of one read are queued together, so that
 * each client gets them in one write. Used by the thread of the backplane only.
 */
final class DeliveryBatcher {
    private static final int MAX_BYTES = 64 * 1024;

    /** Reports messages that could not be delivered. */
    interface Lost {
        /** Reports messages for a topic, or for broadcasts if it is {@code null}, with the reason. */
        void lost(@Nullable String topic, int messages, Throwable cause);
    }

    private final MessageRouter router;
    private final Lost lost;
    private Map<String, List<Message>> byTopic = new LinkedHashMap<>();
    /** Topics with history whose publications are collected. */
    private final Set<TopicFollower> followers = new LinkedHashSet<>();

    private List<Message> toAll = new ArrayList<>();
    /** Client that the collected broadcasts exclude, or {@code null} if they go to all. */
    private @Nullable Subscriber excluded;

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

    /**
     * Delivers a publication after the collected messages.
     *
     * @param excludedClient id of a client of this node that gets nothing, or {@code null} if there is none
     */
    void publication(Publication publication, @Nullable String excludedClient) {
        flush();
        deliver(publication.topic(), 1, () -> router.deliver(publication, excludedClient));
    }

    /**
     * Adds messages that the follower of a topic has received.
     *
     * @param size size of the messages in bytes
     */
    void followed(TopicFollower follower, int size) {
        followers.add(follower);
        bytes += size;
        if (bytes > MAX_BYTES) {
            flush();
        }
    }

    /** Adds messages for all clients except one, or for all if it is {@code null}. */
    void all(List<Message> messages, @Nullable Subscriber but) {
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
        if (bytes > MAX_BYTES) {
            flush();
        }
    }

    /**
     * Delivers the collected messages. A failure for one topic is reported as missed messages and does not stop the
     * rest.
     */
    void flush() {
        Map<String, List<Message>> topics = byTopic;
        // The messages are removed first, so that none is delivered twice.
        byTopic = topics.isEmpty() ? topics : new LinkedHashMap<>();
        flushToAll();
        followers.forEach(TopicFollower::deliver);
        followers.clear();
        topics.forEach((topic, messages) ->
                deliver(topic, messages.size(), () -> router.publish(topic, MessageBatch.of(messages), this)));
        bytes = 0;
    }

    private void flushToAll() {
        if (!toAll.isEmpty()) {
            List<Message> messages = toAll;
            toAll = new ArrayList<>();
            deliver(null, messages.size(), () -> router.broadcast(MessageBatch.of(messages), excluded, this));
        }
    }

    private void deliver(@Nullable String topic, int messages, Runnable delivery) {
        try {
            delivery.run();
        } catch (RuntimeException | Error e) {
            lost.lost(topic, messages, e);
        }
    }
}
