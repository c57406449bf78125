package io.tankws.protocol.centrifuge.fossil;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Texts of few parts have much in common, in any order. */
class FossilDeltaPropertyTest {
    private static final List<String> PARTS = List.of(
            "a",
            "\u00e9",
            "\u4e2d",
            "\u4e2e",
            "\ud83d\ude00",
            "\ud83d\ude01",
            "\u4e00".repeat(9),
            "0123456789abcdef",
            "x".repeat(40));

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.of(PARTS).list().ofMaxSize(40).map(parts -> String.join("", parts));
    }

    @Property(tries = 500)
    void patchesAreAppliedAndTheirTextIsUtf8(@ForAll("texts") String from, @ForAll("texts") String to)
            throws CharacterCodingException {
        byte[] source = from.getBytes(StandardCharsets.UTF_8);
        byte[] target = to.getBytes(StandardCharsets.UTF_8);
        byte[] bytes = FossilDelta.ofBytes(source, target);
        if (bytes != null) {
            assertTrue(bytes.length < target.length);
            assertArrayEquals(target, FossilPatch.apply(source, bytes));
        }
        byte[] text = FossilDelta.ofText(source, target);
        if (text != null) {
            assertTrue(text.length < target.length);
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text));
            assertArrayEquals(target, FossilPatch.apply(source, text));
        }
    }
}
