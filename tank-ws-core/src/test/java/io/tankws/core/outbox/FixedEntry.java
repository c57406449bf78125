package io.tankws.core.outbox;

import io.tankws.Message;
import io.tankws.Payload;
import io.tankws.Publication;
import io.tankws.StreamPosition;
import java.util.List;

/** An entry whose result and publication a test determines. */
record FixedEntry(boolean enter, Publication publication) implements MessageBatch.Entry {
    @Override
    public List<Publication> publications() {
        return List.of(publication);
    }

    static TopicPosition position(String topic, String epoch, long offset) {
        return new TopicPosition(topic, new StreamPosition(epoch, offset));
    }

    /** Returns a publication of a topic with a history. */
    static MessageBatch publication(String topic, long offset) {
        return publication(topic, "e", offset);
    }

    static MessageBatch publication(String topic, String epoch, long offset) {
        Publication publication =
                Publication.builder(topic, Payload.text("")).build().at(new StreamPosition(epoch, offset));
        return MessageBatch.of(Message.text(topic + offset), new FixedEntry(true, publication));
    }
}
