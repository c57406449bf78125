package io.tankws.protocol.centrifuge;

import io.tankws.Message;
import io.tankws.Payload;
import io.tankws.PresenceEvent;
import io.tankws.PresenceMember;
import io.tankws.Publication;
import io.tankws.PublisherInfo;
import io.tankws.protocol.centrifuge.codec.JsonText;
import io.tankws.protocol.centrifuge.frame.Encoding;
import io.tankws.protocol.centrifuge.message.ClientInfo;
import io.tankws.protocol.centrifuge.message.JoinPush;
import io.tankws.protocol.centrifuge.message.LeavePush;
import io.tankws.protocol.centrifuge.message.MessagePush;
import io.tankws.protocol.centrifuge.message.Push;
import io.tankws.protocol.centrifuge.message.PushBody;
import io.tankws.protocol.centrifuge.message.Reply;
import io.tankws.protocol.centrifuge.message.WirePublication;
import io.tankws.spi.ProtocolEncoding;
import io.tankws.spi.support.ValidatedText;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The encoding of publications and replies in JSON or in Protobuf. All sessions with one encoding share an object. */
final class PublicationEncoding implements ProtocolEncoding {
    private final Encoding encoding;
    private final Message ping;

    PublicationEncoding(Encoding encoding) {
        this.encoding = encoding;
        ping = message(Reply.PING);
    }

    Encoding frames() {
        return encoding;
    }

    Message ping() {
        return ping;
    }

    /** Encodes a reply as a message of its own. */
    Message message(Reply reply) {
        ByteBuffer bytes = encoding.encode(reply);
        return encoding == Encoding.JSON ? ValidatedText.of(bytes) : Message.binary(bytes);
    }

    @Override
    public Optional<Message> encode(Publication publication) {
        return wire(publication).map(content -> message(Reply.of(new Push(publication.topic(), content))));
    }

    @Override
    public Optional<Message> encode(Message message) {
        Payload payload =
                message instanceof Message.Text text ? Payload.text(text.text()) : Payload.binary(message.payload());
        ByteBuffer data = data(payload);
        return data == null ? Optional.empty() : Optional.of(message(Reply.of(new Push("", new MessagePush(data)))));
    }

    @Override
    public Optional<Message> encode(PresenceEvent event) {
        ClientInfo info = info(event.member());
        PushBody push = event instanceof PresenceEvent.Joined ? new JoinPush(info) : new LeavePush(info);
        return Optional.of(message(Reply.of(new Push(event.topic(), push))));
    }

    /** Returns a publication for a push or a result; empty if this encoding cannot carry the payload. */
    Optional<WirePublication> wire(Publication publication) {
        ByteBuffer data = data(publication.payload());
        if (data == null) {
            return Optional.empty();
        }
        long offset = publication.offset();
        return Optional.of(WirePublication.builder()
                .data(data)
                .info(publication.publisher().map(this::info).orElse(null))
                .offset(offset)
                .tags(publication.tags())
                // A client that subscribed to an empty topic learns the epoch from the first publication.
                .epoch(offset == 1 ? publication.epoch() : "")
                .build());
    }

    private ClientInfo info(PublisherInfo publisher) {
        return new ClientInfo(
                publisher.userId(),
                publisher.clientId(),
                publisher.info().map(this::data).orElse(null),
                null);
    }

    /** Returns a member with its own id, which stays the same when another connection continues the member. */
    ClientInfo info(PresenceMember member) {
        return new ClientInfo(
                member.userId(),
                member.id(),
                member.info().map(this::data).orElse(null),
                member.subscriptionInfo().map(this::data).orElse(null));
    }

    /**
     * Returns the bytes of a payload: a JSON value as it is, a text as a JSON string, and in Protobuf other bytes.
     *
     * @return {@code null} if this encoding cannot carry the payload
     */
    @Nullable
    ByteBuffer data(Payload payload) {
        return switch (payload.kind()) {
            case JSON -> payload.bytes();
            case TEXT -> JsonText.quote(payload.bytes());
            case BINARY -> encoding == Encoding.JSON ? null : payload.bytes();
        };
    }

    /**
     * Returns the payload that a client sent.
     *
     * @throws IllegalArgumentException if a JSON client sent a value that is nested too deeply
     */
    Payload payload(ByteBuffer data) {
        if (encoding == Encoding.JSON) {
            return Payload.json(data);
        }
        try {
            return Payload.json(data);
        } catch (IllegalArgumentException notJson) {
            return Payload.binary(data);
        }
    }
}
