package io.tankws.protocol.centrifuge.fossil;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Patches turn a source into its target, and are small where a client expects it. */
class FossilDeltaTest {
    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String patch(String source, String target) {
        byte[] patch = FossilDelta.ofText(utf8(source), utf8(target));
        return patch == null ? null : new String(patch, StandardCharsets.UTF_8);
    }

    @Test
    void writesTheFormatOfFossil() {
        String source = "0123456789abcdef".repeat(4);
        // 64 bytes are "10", 68 bytes are "14".
        assertEquals("10\n10@0,4Bo8;", patch(source, source));
        assertTrue(patch(source, source + "tail").startsWith("14\n10@0,4:tail"));
        assertTrue(patch(source, "head" + source).startsWith("14\n4:head10@0,"));
    }

    @Test
    void computesTheChecksumOfFossil() {
        assertEquals(0, FossilDelta.checksum(new byte[0]));
        assertEquals(0x61000000, FossilDelta.checksum(utf8("a")));
        assertEquals(0x61626364 + 0x65000000, FossilDelta.checksum(utf8("abcde")));
        byte[] ones = new byte[8];
        Arrays.fill(ones, (byte) 0xFF);
        assertEquals(-2, FossilDelta.checksum(ones));
    }

    @Test
    void twoChangesAreOnePatch() {
        String source = "{\"first\":1,\"" + "x".repeat(100) + "\":[1,2,3],\"last\":1}";
        String target = source.replace("\"first\":1", "\"first\":200").replace("\"last\":1", "\"last\":999");
        byte[] patch = FossilDelta.ofText(utf8(source), utf8(target));
        assertNotNull(patch);
        assertTrue(patch.length < target.length() / 2, () -> patch.length + " bytes");
        assertArrayEquals(utf8(target), FossilPatch.apply(utf8(source), patch));
    }

    @Test
    void aPatchThatIsNotSmallerIsNone() {
        assertNull(patch("", ""));
        assertNull(patch("a", "a"));
        assertNull(patch("0123456789abcdef", "completely different text"));
        assertNull(patch("0123456789abcdef", ""));
        assertNull(patch("", "0123456789abcdef"));
    }

    @Test
    void aPatchOfTextCutsNoCharacter() throws CharacterCodingException {
        // Both characters begin with the same bytes, so that the longest equal part ends within them.
        String common = "\u4e00".repeat(20);
        String source = common + "\u4e01" + common + "\ud83d\ude00" + common;
        String target = common + "\u4e02" + common + "\ud83d\ude01" + common;
        byte[] text = FossilDelta.ofText(utf8(source), utf8(target));
        assertNotNull(text);
        StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text));
        assertArrayEquals(utf8(target), FossilPatch.apply(utf8(source), text));
        byte[] bytes = FossilDelta.ofBytes(utf8(source), utf8(target));
        assertNotNull(bytes);
        assertTrue(bytes.length < text.length, "the patch of bytes cuts characters");
        assertArrayEquals(utf8(target), FossilPatch.apply(utf8(source), bytes));
    }

    @Test
    void largePublicationsHaveNoPatch() {
        byte[] source = new byte[FossilDelta.MAX_BYTES];
        byte[] tooLarge = new byte[FossilDelta.MAX_BYTES + 1];
        assertNotNull(FossilDelta.ofBytes(source, source));
        assertNull(FossilDelta.ofBytes(source, tooLarge));
        assertNull(FossilDelta.ofBytes(tooLarge, source));
    }

    /** A search without a bound would compare each of the 65536 blocks at each of the 1048576 positions. */
    @Test
    void repetitiveContentNeedsNoMoreSearchThanOtherContent() {
        byte[] source = new byte[FossilDelta.MAX_BYTES];
        byte[] target = new byte[FossilDelta.MAX_BYTES];
        Arrays.fill(target, (byte) 1);
        for (int i = 0; i + 32 < target.length; i += 32) {
            Arrays.fill(target, i, i + 16, (byte) 0);
        }
        byte[] patch = FossilDelta.ofBytes(source, target);
        assertNotNull(patch);
        assertArrayEquals(target, FossilPatch.apply(source, patch));
    }

    @Test
    void everyEditOfRandomBytesIsApplied() {
        Random random = new Random(1);
        for (int round = 0; round < 300; round++) {
            byte[] source = new byte[random.nextInt(2000)];
            random.nextBytes(source);
            byte[] target = edited(source, random);
            byte[] patch = FossilDelta.ofBytes(source, target);
            if (patch != null) {
                assertTrue(patch.length < target.length);
                assertArrayEquals(target, FossilPatch.apply(source, patch));
            }
        }
    }

    private static byte[] edited(byte[] source, Random random) {
        ByteBuffer target = ByteBuffer.allocate(source.length + 100);
        int at = 0;
        while (at < source.length && target.remaining() > 20) {
            int kept = Math.min(source.length - at, Math.min(random.nextInt(300), target.remaining() - 20));
            target.put(source, at, kept);
            at += kept + random.nextInt(20);
            byte[] inserted = new byte[random.nextInt(20)];
            random.nextBytes(inserted);
            target.put(inserted);
        }
        return Arrays.copyOf(target.array(), target.position());
    }
}
