package io.tankws.core.routing;

import io.tankws.Message;
import io.tankws.Publication;
import io.tankws.core.outbox.MessageBatch;
import io.tankws.core.outbox.TopicPosition;
import io.tankws.core.protocol.PlainProtocol;
import io.tankws.spi.ProtocolEncoding;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The messages of one batch in several encodings. Used by one thread. */
final class EncodedBatch {
    private final MessageBatch batch;
    private final PlainProtocol protocol;
    /** Publications, or {@code null} before they are needed. */
    private @Nullable List<Publication> publications;
    /** First failure of an encoding, or {@code null} if there is none. */
    private @Nullable Throwable failure;

    EncodedBatch(MessageBatch batch, PlainProtocol protocol) {
        this.batch = batch;
        this.protocol = protocol;
    }

    /** Returns the number of publications. */
    int size() {
        return Math.max(batch.size(), publications == null ? 0 : publications.size());
    }

    /** Returns the publications that an encoding can carry, as a batch of messages. */
    MessageBatch as(ProtocolEncoding encoding) {
        if (encoding == protocol && batch.size() > 0) {
            return batch;
        }
        List<Message> messages = new ArrayList<>(size());
        List<@Nullable TopicPosition> positions = new ArrayList<>(size());
        for (Publication publication : publications()) {
            try {
                encoding.encode(publication).ifPresent(message -> {
                    messages.add(message);
                    positions.add(TopicPosition.of(publication));
                });
            } catch (RuntimeException | Error e) {
                failed(e);
            }
        }
        return MessageBatch.ofPublications(messages, positions);
    }

    /** Returns the publications, without those that cannot be decoded. */
    List<Publication> publications() {
        if (publications == null) {
            List<Publication> known = batch.publications();
            publications = known != null ? known : decoded();
        }
        return publications;
    }

    /** Returns the publications of messages that came without them, such as from another node. */
    private List<Publication> decoded() {
        List<Publication> decoded = new ArrayList<>(batch.size());
        for (Message message : batch.messages) {
            try {
                decoded.add(protocol.decode(message));
            } catch (RuntimeException e) {
                failed(e);
            }
        }
        return decoded;
    }

    private void failed(Throwable e) {
        failure = failure == null ? e : failure;
    }

    /** Returns the first failure of an encoding, or {@code null} if there is none. */
    @Nullable
    Throwable failure() {
        return failure;
    }
}
