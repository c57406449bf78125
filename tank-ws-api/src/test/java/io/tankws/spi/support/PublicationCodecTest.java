package io.tankws.spi.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tankws.Payload;
import io.tankws.Publication;
import io.tankws.PublisherInfo;
import io.tankws.StreamPosition;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PublicationCodecTest {
    private static final String TOPIC = "topic";
    private static final HexFormat HEX = HexFormat.of();

    private static Publication.Builder builder(Payload payload) {
        return Publication.builder(TOPIC, payload).timeMillis(0x0102030405060708L);
    }

    private static Publication decode(byte[] bytes) {
        return PublicationCodec.decode(TOPIC, ByteBuffer.wrap(bytes));
    }

    /** A change of these bytes makes the histories of running clusters unreadable. */
    @Test
    void theBytesAreThoseOfVersionOne() {
        Map<String, Publication> publications = Map.of(
                "0101" + "0102030405060708" + "c3a4",
                builder(Payload.text("\u00e4")).build(),
                "0113" + "0102030405060708" + "01" + "00010000" + "6b" + "00ff",
                builder(Payload.binary(new byte[] {0, -1}))
                        .tags(Map.of("k", ""))
                        .build(),
                "0122" + "0102030405060708" + "00010000" + "63" + "7b7d",
                builder(Payload.json("{}")).publisher(PublisherInfo.of("c", "")).build(),
                "0171" + "0102030405060708" + "01" + "00010001" + "6b76" + "00010002" + "637575" + "020001" + "31",
                builder(Payload.text(""))
                        .tags(Map.of("k", "v"))
                        .publisher(PublisherInfo.of("c", "uu").withInfo(Payload.json("1")))
                        .build());
        publications.forEach((hex, publication) -> {
            assertEquals(hex, HEX.formatHex(PublicationCodec.encode(publication)));
            assertEquals(publication, decode(HEX.parseHex(hex)));
        });
    }

    @Test
    void thePositionIsNotEncoded() {
        Publication publication = builder(Payload.text("x")).build();
        byte[] bytes = PublicationCodec.encode(publication.at(new StreamPosition("e", 7)));
        assertEquals(publication, decode(bytes));
    }

    @Test
    void everyPublicationIsDecodedAsItWasEncoded() {
        Random random = new Random(1);
        for (int i = 0; i < 2_000; i++) {
            Publication publication = randomPublication(random);
            byte[] bytes = PublicationCodec.encode(publication);
            ByteBuffer padded = ByteBuffer.allocate(bytes.length + 8);
            padded.put(3, bytes).position(3).limit(3 + bytes.length);
            assertEquals(publication, PublicationCodec.decode(TOPIC, padded.asReadOnlyBuffer()));
            assertEquals(3, padded.position());
        }
    }

    private static Publication randomPublication(Random random) {
        Publication.Builder builder =
                Publication.builder(TOPIC, randomPayload(random, 2_000)).timeMillis(random.nextLong());
        if (random.nextBoolean()) {
            Map<String, String> tags = new HashMap<>();
            for (int i = random.nextInt(Publication.MAX_TAGS + 1); i > 0; i--) {
                tags.put("n" + i, randomText(random, 10));
            }
            builder.tags(tags);
        }
        if (random.nextBoolean()) {
            PublisherInfo publisher = PublisherInfo.of("c" + randomText(random, 30), randomText(random, 30));
            builder.publisher(
                    random.nextBoolean()
                            ? publisher
                            : publisher.withInfo(randomPayload(random, PublisherInfo.MAX_INFO_BYTES / 3)));
        }
        return builder.build();
    }

    private static Payload randomPayload(Random random, int maxLength) {
        switch (random.nextInt(3)) {
            case 0:
                return Payload.text(randomText(random, maxLength));
            case 1:
                return Payload.json("[" + random.nextInt() + "]" + " ".repeat(random.nextInt(maxLength - 20)));
            default:
                byte[] bytes = new byte[random.nextInt(maxLength)];
                random.nextBytes(bytes);
                return Payload.binary(bytes);
        }
    }

    private static String randomText(Random random, int maxLength) {
        int[] characters = {0, 'a', '\u00e4', '\u20ac', 0x1F600};
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(maxLength) / 2; i > 0; i--) {
            text.appendCodePoint(characters[random.nextInt(characters.length)]);
        }
        return text.toString();
    }

    @Test
    void theLargestPartsFit() {
        Map<String, String> tags = new HashMap<>();
        for (int i = 0; i < Publication.MAX_TAGS; i++) {
            tags.put("" + (char) ('A' + i), "x".repeat(Publication.MAX_TAG_BYTES / Publication.MAX_TAGS - 1));
        }
        String id = "\u00e4".repeat(PublicationCodec.MAX_ID_BYTES / 2);
        Publication publication = builder(Payload.binary(new byte[3_000_000]))
                .tags(tags)
                .publisher(PublisherInfo.of(id, id).withInfo(Payload.binary(new byte[PublisherInfo.MAX_INFO_BYTES])))
                .build();
        assertEquals(publication, decode(PublicationCodec.encode(publication)));
    }

    @Test
    void anIdThatCannotBeEncodedIsRejected() {
        for (PublisherInfo publisher : List.of(
                PublisherInfo.of("\ud800", "u"),
                PublisherInfo.of("c", "\udc00"),
                PublisherInfo.of("c", "x".repeat(PublicationCodec.MAX_ID_BYTES + 1)))) {
            Publication publication =
                    builder(Payload.text("x")).publisher(publisher).build();
            assertThrows(IllegalArgumentException.class, () -> PublicationCodec.encode(publication));
        }
    }

    @Test
    void everyDamageIsRejected() {
        for (String hex : List.of(
                "",
                "01",
                "0201" + "0102030405060708" + "61",
                "0100" + "0102030405060708" + "61",
                "0104" + "0102030405060708" + "61",
                "0181" + "0102030405060708" + "61",
                // An info without a publisher.
                "0141" + "0102030405060708" + "61",
                // No UTF-8, and no JSON.
                "0101" + "0102030405060708" + "c3",
                "0102" + "0102030405060708" + "7b",
                "0102" + "0102030405060708",
                // No tags, too many tags, equal names, an empty name, and more than the bytes.
                "0111" + "0102030405060708" + "00" + "61",
                "0111" + "0102030405060708" + "21" + "00010000" + "6b",
                "0111" + "0102030405060708" + "ff" + "00010000" + "6b",
                "0111" + "0102030405060708" + "02" + "00010000" + "6b" + "00010000" + "6b",
                "0111" + "0102030405060708" + "01" + "00000000",
                "0111" + "0102030405060708" + "01" + "0001ffff" + "6b",
                "0111" + "0102030405060708" + "01" + "00010000" + "80",
                // An empty client id, ids beyond the bytes, and an id beyond its bound.
                "0121" + "0102030405060708" + "00000001" + "61",
                "0121" + "0102030405060708" + "00010100" + "63",
                "0121" + "0102030405060708" + "80010000" + "63".repeat(0x8001),
                // An info of an unknown kind, and one beyond its bound.
                "0161" + "0102030405060708" + "00010000" + "63" + "040000",
                "0161" + "0102030405060708" + "00010000" + "63" + "031001" + "00".repeat(0x1001))) {
            assertThrows(IllegalArgumentException.class, () -> decode(HEX.parseHex(hex)), hex);
        }
    }

    /** Damaged bytes are rejected, or they are a publication whose encoding has the same length. */
    @Test
    void noDamageHasAnotherEffectThanARejection() {
        Random random = new Random(2);
        List<Publication> originals = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            originals.add(randomPublication(random));
        }
        for (Publication original : originals) {
            byte[] bytes = PublicationCodec.encode(original);
            for (int i = 0; i < 200; i++) {
                byte[] damaged = bytes.clone();
                for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                    damaged[random.nextInt(Math.min(damaged.length, 100))] ^= (byte) (1 << random.nextInt(8));
                }
                decodeDamaged(damaged);
                decodeDamaged(Arrays.copyOf(bytes, random.nextInt(bytes.length)));
            }
            byte[] noise = new byte[random.nextInt(100)];
            random.nextBytes(noise);
            decodeDamaged(noise);
        }
    }

    private static void decodeDamaged(byte[] bytes) {
        try {
            Publication publication = decode(bytes);
            byte[] again = PublicationCodec.encode(publication);
            assertEquals(bytes.length, again.length);
            assertEquals(publication, decode(again));
        } catch (IllegalArgumentException e) {
            // The bytes are rejected.
        }
    }
}
