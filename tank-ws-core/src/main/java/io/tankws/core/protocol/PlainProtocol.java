package io.tankws.core.protocol;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import io.tankws.ErrorCode;
import io.tankws.Message;
import io.tankws.Payload;
import io.tankws.Publication;
import io.tankws.TopicDenial;
import io.tankws.spi.ClientActionException;
import io.tankws.spi.ProtocolEncoding;
import io.tankws.spi.StartedSubscription;
import io.tankws.spi.support.ValidatedText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The protocol of the Go library and its browser client: {@code sub:T}, {@code unsub:T}, JSON to subscribers. */
public final class PlainProtocol implements ProtocolEncoding {
    /** The kind of a text from a client. */
    public enum Kind {
        SUBSCRIBE,
        UNSUBSCRIBE,
        /** A heartbeat of an application that cannot send pings. */
        HEARTBEAT,
        /** Any other text. It goes to the handler. */
        MESSAGE
    }

    /**
     * A parsed text of a client.
     *
     * @param topic topic; empty if the kind has none
     */
    public record Command(Kind kind, String topic) {}

    private static final byte[] SUBSCRIBE = ascii("sub:");
    private static final byte[] UNSUBSCRIBE = ascii("unsub:");
    private static final byte[] HEARTBEAT = ascii("heartbeat");
    private static final Command IS_MESSAGE = new Command(Kind.MESSAGE, "");
    private static final Command IS_HEARTBEAT = new Command(Kind.HEARTBEAT, "");

    /** Maximum number of pooled buffers. Further ones are left to the garbage collector. */
    private static final int MAX_BUFFERS = 16;

    /**
     * Jackson without its thread-local buffers. In threads of the application, these would keep the class loader alive.
     */
    private final JsonFactory json = JsonFactory.builder()
            .recyclerPool(JsonRecyclerPools.newBoundedPool(MAX_BUFFERS))
            .build();

    /** Parses a text. Never fails: a text that is no command is a message. */
    public Command parse(ByteBuffer utf8) {
        if (!utf8.hasRemaining()) {
            return IS_MESSAGE;
        }
        return switch (utf8.get(utf8.position())) {
            case 's' -> startsWith(utf8, SUBSCRIBE) ? command(Kind.SUBSCRIBE, utf8, SUBSCRIBE.length) : IS_MESSAGE;
            case 'u' ->
                startsWith(utf8, UNSUBSCRIBE) ? command(Kind.UNSUBSCRIBE, utf8, UNSUBSCRIBE.length) : IS_MESSAGE;
            case '{', ' ', '\t', '\r', '\n' -> mayBeHeartbeat(utf8) && isHeartbeat(utf8) ? IS_HEARTBEAT : IS_MESSAGE;
            default -> IS_MESSAGE;
        };
    }

    /** Encodes a text for the subscribers of its topic. */
    public Message.Text envelope(String topic, String data) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(topic.length() + data.length() + 32);
        // Jackson writes each surrogate as an escape of its own, so that lone ones survive.
        try (JsonGenerator generator = json.createGenerator(out, JsonEncoding.UTF8)) {
            generator.writeStartObject();
            generator.writeStringField("topic", topic);
            generator.writeStringField("data", data);
            generator.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ValidatedText.of(topic, ByteBuffer.wrap(out.toByteArray()));
    }

    /** Encodes the answer to an action on a topic that was denied. */
    public Message.Text denial(TopicDenial denial) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator generator = json.createGenerator(out, JsonEncoding.UTF8)) {
            generator.writeStartObject();
            // The browser client of the Go library takes every object with a key "topic" at the top as a publication.
            generator.writeObjectFieldStart("error");
            generator.writeNumberField("code", ErrorCode.AUTHORIZATION_FAILED.value());
            generator.writeStringField("action", denial.action().name().toLowerCase(Locale.ROOT));
            generator.writeStringField("topic", denial.topic());
            generator.writeStringField("reason", denial.reason());
            generator.writeEndObject();
            generator.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ValidatedText.of(ByteBuffer.wrap(out.toByteArray()));
    }

    @Override
    public Optional<Message> encode(Publication publication) {
        return Optional.ofNullable(envelope(publication.topic(), publication.payload()));
    }

    @Override
    public Optional<Message> encode(Message message) {
        return Optional.of(message);
    }

    /** Encodes the first publications of a subscription. */
    public List<Message> first(StartedSubscription started) {
        return started.publications().stream()
                .map(publication -> encode(publication)
                        .orElseThrow(() -> new ClientActionException(
                                ClientActionException.Reason.NOT_RECOVERED, "a publication has no form", null)))
                .toList();
    }

    /**
     * Returns the publication of an {@link #envelope} of a text, for subscribers with another encoding.
     *
     * @throws IllegalArgumentException if the message is no envelope
     */
    public Publication decode(Message envelope) {
        try (JsonParser parser = json.createParser(((Message.Text) envelope).text())) {
            String topic = "";
            String data = "";
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean isTopic = parser.currentName().equals("topic");
                parser.nextToken();
                topic = isTopic ? parser.getText() : topic;
                data = isTopic ? data : parser.getText();
            }
            return Publication.builder(topic, Payload.text(data)).build();
        } catch (IOException | ClassCastException e) {
            throw new IllegalArgumentException("the message of a topic must be an envelope", e);
        }
    }

    /** Encodes a publication for the subscribers of its topic, or returns {@code null} if this protocol has no form. */
    public Message.@Nullable Text envelope(String topic, Payload payload) {
        return switch (payload.kind()) {
            case TEXT -> envelope(topic, payload.asText());
            case JSON -> envelope(topic, contentOf(payload.asText()));
            // The envelope is JSON, and a binary payload need not be text.
            case BINARY -> null;
        };
    }

    /** Returns the content of a JSON string, or the text of any other JSON value. */
    private String contentOf(String value) {
        if (value.stripLeading().startsWith("\"")) {
            try (JsonParser parser = json.createParser(value)) {
                parser.nextToken();
                return parser.getText();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return value;
    }

    private static Command command(Kind kind, ByteBuffer utf8, int prefix) {
        ByteBuffer topic = utf8.duplicate().position(utf8.position() + prefix);
        return new Command(kind, StandardCharsets.UTF_8.decode(topic).toString());
    }

    private static boolean startsWith(ByteBuffer text, byte[] prefix) {
        return text.remaining() >= prefix.length && matches(text, text.position(), prefix);
    }

    private static boolean matches(ByteBuffer text, int at, byte[] word) {
        for (int i = 0; i < word.length; i++) {
            if (text.get(at + i) != word[i]) {
                return false;
            }
        }
        return true;
    }

    /**
     * Returns whether a text may be a heartbeat, without parsing it. A heartbeat contains the word itself or an escape.
     */
    private static boolean mayBeHeartbeat(ByteBuffer text) {
        for (int at = text.position(), end = text.limit(); at < end; at++) {
            byte b = text.get(at);
            if (b == '\\' || b == 'h' && end - at >= HEARTBEAT.length && matches(text, at, HEARTBEAT)) {
                return true;
            }
        }
        return false;
    }

    private boolean isHeartbeat(ByteBuffer utf8) {
        byte[] bytes = new byte[utf8.remaining()];
        utf8.get(utf8.position(), bytes);
        boolean found = false;
        try (JsonParser parser = json.createParser(bytes)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean type = parser.currentName().equals("type");
                JsonToken value = parser.nextToken();
                if (type) {
                    found = value == JsonToken.VALUE_STRING && parser.getText().equals("heartbeat");
                }
                parser.skipChildren();
            }
            return found && parser.nextToken() == null;
        } catch (IOException notJson) {
            return false;
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
