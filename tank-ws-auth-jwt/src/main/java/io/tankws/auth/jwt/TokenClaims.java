package io.tankws.auth.jwt;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.tankws.Payload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The claims of one token that have a meaning for this library, with the names of Centrifugo. */
final class TokenClaims {
    /** The names must be unique, so that no two readers of a token understand it differently. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** The last second of the year 9999. Later times are not supported. */
    private static final double MAX_SECONDS = 253_402_300_799d;

    private final byte[] json;
    private String subject = "";
    private @Nullable String channel;
    private @Nullable String client;
    private @Nullable Instant validUntil;
    /** Value of the claim {@code expire_at}, or {@code null} if the token has none. */
    private @Nullable Instant expireAt;

    private @Nullable Payload info;
    private @Nullable Payload meta;
    private final Set<String> topics = new LinkedHashSet<>();

    private TokenClaims(byte[] json) {
        this.json = json;
    }

    /**
     * Reads the payload of a token. Other claims are skipped.
     *
     * @throws IOException if it is no JSON object
     * @throws IllegalArgumentException if a claim has a wrong type or value
     */
    static TokenClaims parse(byte[] json) throws IOException {
        TokenClaims claims = new TokenClaims(json);
        try (JsonParser parser = JSON.createParser(json)) {
            require(parser.nextToken() == JsonToken.START_OBJECT);
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                claims.read(name, parser);
            }
            require(parser.nextToken() == null);
        }
        return claims;
    }

    private static void require(boolean condition) {
        if (!condition) {
            throw new IllegalArgumentException("a claim has a wrong type or value");
        }
    }

    private void read(String name, JsonParser parser) throws IOException {
        switch (name) {
            case "sub" -> subject = text(parser);
            case "channel" -> channel = text(parser);
            case "client" -> client = text(parser);
            case "exp" -> validUntil = time(parser);
            case "expire_at" -> expireAt = time(parser);
            case "info" -> info = value(parser);
            case "b64info" -> info = bytes(text(parser));
            case "meta" -> meta = value(parser);
            case "channels" -> readTopics(parser);
            case "subs" -> readSubscriptions(parser);
            default -> parser.skipChildren();
        }
    }

    private static String text(JsonParser parser) throws IOException {
        require(parser.currentToken() == JsonToken.VALUE_STRING);
        return parser.getText();
    }

    private static Instant time(JsonParser parser) throws IOException {
        require(parser.currentToken().isNumeric());
        double seconds = parser.getDoubleValue();
        require(seconds >= 0 && seconds <= MAX_SECONDS);
        return Instant.ofEpochSecond((long) seconds);
    }

    /** Returns a value with exactly the bytes of the token, because a copy by numbers could change them. */
    private @Nullable Payload value(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return null;
        }
        int from = (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        parser.finishToken();
        int to = (int) parser.currentLocation().getByteOffset();
        return Payload.json(ByteBuffer.wrap(json, from, to - from));
    }

    /** Returns bytes as JSON if they are JSON, because clients that speak JSON get no other information. */
    private static Payload bytes(String base64) {
        byte[] decoded = Base64.getDecoder().decode(base64);
        try {
            return Payload.json(decoded);
        } catch (IllegalArgumentException noJson) {
            return Payload.binary(decoded);
        }
    }

    private void readTopics(JsonParser parser) throws IOException {
        require(parser.currentToken() == JsonToken.START_ARRAY);
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            addTopic(text(parser));
        }
    }

    /** Reads the names of an object whose values are options of subscriptions. */
    private void readSubscriptions(JsonParser parser) throws IOException {
        require(parser.currentToken() == JsonToken.START_OBJECT);
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            addTopic(parser.currentName());
            require(parser.nextToken() == JsonToken.START_OBJECT);
            parser.skipChildren();
        }
    }

    private void addTopic(String topic) {
        require(!topic.isEmpty());
        topics.add(topic);
    }

    /** Returns the user, or an empty text for an anonymous one. */
    String subject() {
        return subject;
    }

    /** Returns the topic of a token for a subscription; empty for a connection. */
    Optional<String> channel() {
        return Optional.ofNullable(channel);
    }

    /** Returns the id of the only client that may use the token; empty if every client of the user may. */
    Optional<String> client() {
        return Optional.ofNullable(client);
    }

    /** Returns the time at which the connection or subscription expires; empty if it does not. */
    Optional<Instant> expiry() {
        if (expireAt == null) {
            return Optional.ofNullable(validUntil);
        }
        return expireAt.equals(Instant.EPOCH) ? Optional.empty() : Optional.of(expireAt);
    }

    /** Returns information for other clients; empty if there is none. */
    Optional<Payload> info() {
        return Optional.ofNullable(info);
    }

    /** Returns data for the application; empty if there is none. */
    Optional<Payload> meta() {
        return Optional.ofNullable(meta);
    }

    /** Returns the topics to which the server subscribes the client. */
    Set<String> topics() {
        return topics;
    }
}
