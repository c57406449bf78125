package io.tankws.spi.support;

import io.tankws.Payload;
import io.tankws.Publication;
import io.tankws.PublisherInfo;
import io.tankws.wire.Utf8Text;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A binary encoding of publications, for stores and for messages between nodes. It contains payload, time, tags and
 * publisher. Topic and position are not part of it, because a store knows both.
 *
 * <p>The first byte is the version. The second byte has the kind of the payload in its lower half. Its upper half says
 * whether there are tags, a publisher and an info of the publisher. The time (8 bytes) follows, then the tags: their
 * number (1 byte), and for each the lengths of name and value (2 bytes each) and both texts. The publisher has the
 * lengths of its ids (2 bytes each) and both texts. Its info has its kind (1 byte), its length (2 bytes) and its
 * bytes. The payload is the rest. Numbers are big-endian, texts are UTF-8.
 *
 * <p>For transports, backplanes and this library; not to be extended.
 */
public final class PublicationCodec {
    /** The maximum size of the client id and of the user id of a publisher, in bytes of UTF-8. */
    public static final int MAX_ID_BYTES = 32 * 1024;

    private static final byte VERSION = 1;

    private static final int KIND_MASK = 0x0F;
    private static final int TAGS = 0x10;
    private static final int PUBLISHER = 0x20;
    private static final int INFO = 0x40;
    private static final int UNKNOWN = 0x80;

    private static final int TEXT_CODE = 1;
    private static final int JSON_CODE = 2;
    private static final int BINARY_CODE = 3;

    /** Version, kind and time. */
    private static final int HEAD_BYTES = 10;

    private PublicationCodec() {}

    /**
     * Encodes a publication without its topic and its position.
     *
     * @param publication the publication
     * @return new bytes
     * @throws IllegalArgumentException if an id of the publisher has more than {@link #MAX_ID_BYTES} bytes or a lone
     *     surrogate
     */
    public static byte[] encode(Publication publication) {
        Payload payload = publication.payload();
        int flags = code(payload.kind());
        int size = HEAD_BYTES + payload.size();
        byte[] tags = {};
        if (!publication.tags().isEmpty()) {
            flags |= TAGS;
            tags = tags(publication.tags());
        }
        byte[] publisher = {};
        Optional<PublisherInfo> from = publication.publisher();
        if (from.isPresent()) {
            flags |= from.get().info().isPresent() ? PUBLISHER | INFO : PUBLISHER;
            publisher = publisher(from.get());
        }
        ByteBuffer out = ByteBuffer.allocate(Math.addExact(size, tags.length + publisher.length))
                .put(VERSION)
                .put((byte) flags)
                .putLong(publication.timeMillis())
                .put(tags)
                .put(publisher);
        payload.copyTo(out);
        return out.array();
    }

    private static byte[] tags(Map<String, String> tags) {
        ByteBuffer out = ByteBuffer.allocate(1 + tags.size() * 4 + Publication.MAX_TAG_BYTES);
        out.put((byte) tags.size());
        tags.forEach((name, value) ->
                putPair(out, Utf8Text.encode("the name of a tag", name), Utf8Text.encode("the value of a tag", value)));
        return written(out);
    }

    private static byte[] publisher(PublisherInfo publisher) {
        byte[] client = id("the client id of a publisher", publisher.clientId());
        byte[] user = id("the user id of a publisher", publisher.userId());
        int info = publisher.info().map(Payload::size).orElse(0);
        ByteBuffer out = ByteBuffer.allocate(7 + client.length + user.length + info);
        putPair(out, client, user);
        publisher.info().ifPresent(payload -> {
            out.put((byte) code(payload.kind())).putShort((short) info);
            payload.copyTo(out);
        });
        return written(out);
    }

    private static byte[] id(String name, String id) {
        byte[] utf8 = Utf8Text.encode(name, id);
        if (utf8.length > MAX_ID_BYTES) {
            throw new IllegalArgumentException(
                    name + " must have at most " + MAX_ID_BYTES + " bytes in UTF-8, but had " + utf8.length);
        }
        return utf8;
    }

    private static void putPair(ByteBuffer out, byte[] first, byte[] second) {
        out.putShort((short) first.length)
                .putShort((short) second.length)
                .put(first)
                .put(second);
    }

    private static byte[] written(ByteBuffer out) {
        byte[] bytes = new byte[out.position()];
        out.flip().get(bytes);
        return bytes;
    }

    private static int code(Payload.Kind kind) {
        return switch (kind) {
            case TEXT -> TEXT_CODE;
            case JSON -> JSON_CODE;
            case BINARY -> BINARY_CODE;
        };
    }

    /**
     * Decodes a publication.
     *
     * @param topic the topic of the publication
     * @param bytes the encoded publication from the position to the limit, which do not change
     * @return a publication without a position
     * @throws IllegalArgumentException if the bytes are not what {@link #encode} returns; the message repeats no part
     *     of them
     */
    public static Publication decode(String topic, ByteBuffer bytes) {
        ByteBuffer in = bytes.slice();
        try {
            return read(topic, in);
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("a publication ends too early", e);
        }
    }

    private static Publication read(String topic, ByteBuffer in) {
        if (in.get() != VERSION) {
            throw new IllegalArgumentException("a publication has an unknown version");
        }
        int flags = in.get();
        if ((flags & UNKNOWN) != 0 || (flags & INFO) != 0 && (flags & PUBLISHER) == 0) {
            throw new IllegalArgumentException("a publication has unknown parts");
        }
        long time = in.getLong();
        Map<String, String> tags = (flags & TAGS) == 0 ? Map.of() : readTags(in);
        PublisherInfo publisher = (flags & PUBLISHER) == 0 ? null : readPublisher(in, (flags & INFO) != 0);
        Publication.Builder builder = Publication.builder(topic, payload(flags & KIND_MASK, in))
                .timeMillis(time)
                .tags(tags);
        return (publisher == null ? builder : builder.publisher(publisher)).build();
    }

    private static Map<String, String> readTags(ByteBuffer in) {
        int count = in.get();
        if (count < 1 || count > Publication.MAX_TAGS) {
            throw new IllegalArgumentException("a publication has a wrong number of tags");
        }
        Map<String, String> tags = new HashMap<>();
        for (int i = 0; i < count; i++) {
            int nameLength = in.getShort() & 0xFFFF;
            int valueLength = in.getShort() & 0xFFFF;
            if (tags.put(text(in, nameLength), text(in, valueLength)) != null) {
                throw new IllegalArgumentException("a publication has two tags of the same name");
            }
        }
        return tags;
    }

    private static PublisherInfo readPublisher(ByteBuffer in, boolean hasInfo) {
        int clientLength = in.getShort() & 0xFFFF;
        int userLength = in.getShort() & 0xFFFF;
        if (clientLength > MAX_ID_BYTES || userLength > MAX_ID_BYTES) {
            throw new IllegalArgumentException("a publication has an id that is too long");
        }
        PublisherInfo publisher = PublisherInfo.of(text(in, clientLength), text(in, userLength));
        if (!hasInfo) {
            return publisher;
        }
        int code = in.get();
        return publisher.withInfo(payload(code, piece(in, in.getShort() & 0xFFFF)));
    }

    private static Payload payload(int code, ByteBuffer bytes) {
        return switch (code) {
            case TEXT_CODE -> Payload.text(bytes);
            case JSON_CODE -> Payload.json(bytes);
            case BINARY_CODE -> Payload.binary(bytes);
            default -> throw new IllegalArgumentException("a publication has a payload of an unknown kind");
        };
    }

    private static String text(ByteBuffer in, int length) {
        try {
            // The decoder is strict, so that two texts never become one.
            return StandardCharsets.UTF_8.newDecoder().decode(piece(in, length)).toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("a text of a publication is not UTF-8", e);
        }
    }

    private static ByteBuffer piece(ByteBuffer in, int length) {
        if (length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        ByteBuffer piece = in.slice(in.position(), length);
        in.position(in.position() + length);
        return piece;
    }
}
