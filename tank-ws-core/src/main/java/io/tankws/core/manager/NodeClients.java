package io.tankws.core.manager;

import io.tankws.Message;
import io.tankws.Presence;
import io.tankws.core.presence.LocalPresence;
import io.tankws.core.presence.UserCount;
import io.tankws.core.routing.TopicIndex;
import io.tankws.core.session.ClientRegistry;

/** The clients of a manager, as queries about presence see them. */
record NodeClients(TopicIndex topics, ClientRegistry registry) implements LocalPresence {
    @Override
    public Presence members(String topic, int max) {
        return topics.members(topic, max);
    }

    @Override
    public UserCount count(String topic) {
        return topics.memberCount(topic);
    }

    @Override
    public int connections(String userId) {
        return registry.sizeOfUser(userId);
    }

    @Override
    public int send(String userId, Message message) {
        return registry.sendToUser(userId, message);
    }
}
