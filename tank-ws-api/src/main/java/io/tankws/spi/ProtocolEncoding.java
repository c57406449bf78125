package io.tankws.spi;

import io.tankws.Message;
import io.tankws.PresenceEvent;
import io.tankws.Publication;
import java.util.Optional;

/**
 * One way to encode publications for clients, such as JSON. Subscriptions with the same encoding share the encoded
 * messages: the manager encodes each publication at most once for each object of this type that has a subscriber.
 * Objects are compared by identity, so a protocol has few of them and shares them between sessions.
 *
 * <p>Thread-safe. Methods are called by publishers, also while the manager holds locks. They must not block, and must
 * not call the manager, a client or a {@link ProtocolConnection}.
 *
 * <p>Implemented by protocols.
 */
public interface ProtocolEncoding {
    /**
     * Encodes a publication.
     *
     * @param publication a publication, with its position if its topic keeps it
     * @return the message. Empty if the encoding cannot carry the payload; the publication then counts as {@link
     *     io.tankws.DropReason#NOT_REPRESENTABLE} for each subscriber. An exception has the same effect, and is logged
     */
    Optional<Message> encode(Publication publication);

    /**
     * Encodes a message without a topic, from {@link io.tankws.Client#send(Message)}, a broadcast to all clients, or
     * the relay of another client's messages.
     *
     * @param message a text or binary message
     * @return the message of the protocol; empty if there is none, as in {@link #encode(Publication)}
     */
    Optional<Message> encode(Message message);

    /**
     * Encodes a join or a leave for the subscriptions that ask for it by {@link SubscribeRequest.Builder#joinLeave}.
     *
     * @param event the event
     * @return the message of the protocol; empty if there is none, which is the default. An exception has the same
     *     effect, and is logged
     */
    default Optional<Message> encode(PresenceEvent event) {
        return Optional.empty();
    }
}
