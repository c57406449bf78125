package io.tankws.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Utf8ValidatorTest {
    private static boolean valid(byte[] bytes) {
        return Utf8Validator.isValid(ByteBuffer.wrap(bytes));
    }

    @Test
    void agreesWithTheJdkOnEveryShortSequence() {
        int[] telling = {
            0, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE,
            0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF
        };
        for (int a : telling) {
            for (int b : telling) {
                for (int c : telling) {
                    for (int d : telling) {
                        byte[] bytes = {(byte) a, (byte) b, (byte) c, (byte) d};
                        assertEquals(
                                jdk(bytes), valid(bytes), () -> HexFormat.of().formatHex(bytes));
                    }
                }
            }
        }
    }

    @Test
    void doesNotCareWhereThePiecesAreCut() {
        byte[] text = "aé€🐢\u0000\uFFFF".repeat(3).getBytes(StandardCharsets.UTF_8);
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            Utf8Validator validator = new Utf8Validator();
            for (int at = 0; at < text.length; ) {
                int length = Math.min(text.length - at, random.nextInt(4));
                assertTrue(validator.accept(ByteBuffer.wrap(text, at, length)));
                at += length;
            }
            assertTrue(validator.complete());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"c080", "eda080", "f4908080", "80", "fe", "f8888080"})
    void failsAtTheFirstByteThatCannotBe(String hex) {
        assertFalse(new Utf8Validator().accept(ByteBuffer.wrap(HexFormat.of().parseHex(hex))));
    }

    @Test
    void knowsThatACharacterIsCut() {
        Utf8Validator validator = new Utf8Validator();
        assertTrue(validator.accept(ByteBuffer.wrap(new byte[] {(byte) 0xE2, (byte) 0x82})));
        assertFalse(validator.complete());
    }

    private static boolean jdk(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
