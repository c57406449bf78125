package io.tankws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublicationTest {
    private static final Payload PAYLOAD = Payload.text("secret");

    private static String rejected(Map<String, String> tags) {
        String ofPublication = assertThrows(
                        IllegalArgumentException.class,
                        () -> Publication.builder("t", PAYLOAD).tags(tags))
                .getMessage();
        String ofOptions = assertThrows(
                        IllegalArgumentException.class,
                        () -> PublishOptions.builder().tags(tags))
                .getMessage();
        assertEquals(ofPublication, ofOptions);
        return ofPublication;
    }

    @Test
    void aPublicationHasAllItsParts() {
        PublisherInfo publisher = PublisherInfo.of("client-1", "ada").withInfo(Payload.json("{\"name\":\"Ada\"}"));
        Publication publication = Publication.builder("news", PAYLOAD)
                .timeMillis(1_700_000_000_123L)
                .tags(Map.of("lang", "en"))
                .publisher(publisher)
                .build();
        assertEquals("news", publication.topic());
        assertSame(PAYLOAD, publication.payload());
        assertEquals(1_700_000_000_123L, publication.timeMillis());
        assertEquals(Instant.ofEpochMilli(1_700_000_000_123L), publication.time());
        assertEquals(Map.of("lang", "en"), publication.tags());
        assertEquals(Optional.of(publisher), publication.publisher());
        assertEquals(0, publication.offset());
        assertEquals("", publication.epoch());
        assertSame(StreamPosition.NONE, publication.position());
    }

    @Test
    void theTimeIsThatOfTheCallByDefault() {
        long before = System.currentTimeMillis();
        long time = Publication.builder("t", PAYLOAD).build().timeMillis();
        assertTrue(before <= time && time <= System.currentTimeMillis());
    }

    @Test
    void aPositionChangesNothingElse() {
        Publication publication =
                Publication.builder("t", PAYLOAD).tags(Map.of("a", "b")).build();
        StreamPosition position = new StreamPosition("epoch", 7);
        Publication kept = publication.at(position);
        assertEquals(position, kept.position());
        assertEquals(7, kept.offset());
        assertSame(position.epoch(), kept.epoch());
        assertSame(publication.payload(), kept.payload());
        assertSame(publication.tags(), kept.tags());
        assertNotEquals(publication, kept);
        assertEquals(publication.at(position), kept);
        assertEquals(publication.at(position).hashCode(), kept.hashCode());
        assertThrows(IllegalArgumentException.class, () -> publication.at(StreamPosition.NONE));
        assertThrows(IllegalArgumentException.class, () -> publication.at(new StreamPosition("epoch", 0)));
        assertThrows(IllegalArgumentException.class, () -> publication.at(new StreamPosition("", 1)));
    }

    @Test
    void tagsAreCopied() {
        Map<String, String> tags = new HashMap<>(Map.of("a", ""));
        Publication publication = Publication.builder("t", PAYLOAD).tags(tags).build();
        tags.put("b", "c");
        assertEquals(Map.of("a", ""), publication.tags());
        assertThrows(
                UnsupportedOperationException.class, () -> publication.tags().put("b", "c"));
        assertSame(
                Map.of(),
                Publication.builder("t", PAYLOAD).tags(new HashMap<>()).build().tags());
    }

    @Test
    void tagsAreBounded() {
        Map<String, String> many = new HashMap<>();
        for (int i = 0; i <= Publication.MAX_TAGS; i++) {
            many.put("tag" + i, "");
        }
        assertEquals("the number of tags must be at most 32, but was 33", rejected(many));
        many.remove("tag0");
        assertEquals(32, PublishOptions.builder().tags(many).build().tags().size());
        assertEquals(
                "the tags of a publication must have at most 2048 bytes in UTF-8, but had 1000001",
                rejected(Map.of("a", "x".repeat(1_000_000))));
        assertEquals(
                "the tags of a publication must have at most 2048 bytes in UTF-8, but had 2049",
                rejected(Map.of("a", "\u00e4".repeat(1024))));
        Map<String, String> largest = Map.of("\u00e4", "x".repeat(2046));
        assertEquals(
                largest, Publication.builder("t", PAYLOAD).tags(largest).build().tags());
    }

    @Test
    void tagsHaveNamesAndAreText() {
        assertEquals("the name of a tag must not be empty", rejected(Map.of("", "x")));
        assertEquals("the name of a tag must not have a lone surrogate", rejected(Map.of("\ud800", "x")));
        assertEquals("the value of a tag must not have a lone surrogate", rejected(Map.of("x", "\udc00")));
    }

    @Test
    void theTextOfAPublicationHasNoContent() {
        Publication publication = Publication.builder("news", PAYLOAD)
                .tags(Map.of("a", "secret"))
                .publisher(PublisherInfo.of("c", "u").withInfo(PAYLOAD))
                .build();
        assertEquals("Publication[news :0 TEXT[6 bytes]]", publication.toString());
        assertEquals(
                "PublisherInfo[c, u]", publication.publisher().orElseThrow().toString());
    }

    @Test
    void publishersAreComparedByValue() {
        PublisherInfo publisher = PublisherInfo.of("c", "u");
        assertEquals(publisher, PublisherInfo.of("c", "u"));
        assertEquals(publisher.hashCode(), PublisherInfo.of("c", "u").hashCode());
        assertNotEquals(publisher, PublisherInfo.of("c", "v"));
        assertNotEquals(publisher, PublisherInfo.of("d", "u"));
        assertNotEquals(publisher, publisher.withInfo(PAYLOAD));
        assertEquals(Optional.empty(), publisher.info());
        assertEquals(Optional.of(PAYLOAD), publisher.withInfo(PAYLOAD).info());
    }

    @Test
    void publishersAreBounded() {
        assertEquals("", PublisherInfo.of("c", "").userId());
        assertThrows(IllegalArgumentException.class, () -> PublisherInfo.of("", "u"));
        PublisherInfo publisher = PublisherInfo.of("c", "u");
        publisher.withInfo(Payload.binary(new byte[4096]));
        assertEquals(
                "the info of a publisher must have at most 4096 bytes, but had 4097",
                assertThrows(IllegalArgumentException.class, () -> publisher.withInfo(Payload.binary(new byte[4097])))
                        .getMessage());
    }

    @Test
    void publishOptionsHaveDefaults() {
        PublishOptions defaults = PublishOptions.defaults();
        assertEquals(Map.of(), defaults.tags());
        assertEquals(Optional.empty(), defaults.idempotencyKey());
        assertEquals(Optional.empty(), defaults.excludedClientId());
        assertTrue(defaults.isKept());
        assertEquals(PublishOptions.builder().build(), defaults);
        assertEquals(PublishOptions.builder().build().hashCode(), defaults.hashCode());
    }

    @Test
    void eachPublishOptionIsSetAlone() {
        PublishOptions key = PublishOptions.builder().idempotencyKey("k").build();
        PublishOptions client = PublishOptions.builder().excludedClientId("c").build();
        PublishOptions notKept = PublishOptions.builder().notKept().build();
        PublishOptions tags =
                PublishOptions.builder().tags(Map.of("a", "secret")).build();
        assertEquals(Optional.of("k"), key.idempotencyKey());
        assertEquals(Optional.of("c"), client.excludedClientId());
        assertFalse(notKept.isKept());
        PublishOptions[] all = {PublishOptions.defaults(), key, client, notKept, tags};
        for (PublishOptions one : all) {
            for (PublishOptions other : all) {
                assertEquals(one == other, one.equals(other));
            }
        }
        assertEquals(
                "PublishOptions[tags=[a], idempotencyKey=null, excludedClientId=null, kept=true]", tags.toString());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 256, 1_000_000})
    void idempotencyKeysAreBounded(int length) {
        assertEquals(
                "idempotencyKey must have 1 to 255 bytes in UTF-8, but had " + length,
                assertThrows(
                                IllegalArgumentException.class,
                                () -> PublishOptions.builder().idempotencyKey("k".repeat(length)))
                        .getMessage());
        assertThrows(
                IllegalArgumentException.class, () -> PublishOptions.builder().idempotencyKey("\ud800"));
        assertThrows(
                IllegalArgumentException.class, () -> PublishOptions.builder().excludedClientId(""));
    }
}
