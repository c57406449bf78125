package io.tankws.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tankws.CloseStatus;
import io.tankws.Message;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LetterTest {
    @Test
    void messagesComeAsTheyWere() {
        byte[] bytes = Letter.messages(7, 9, List.of(Message.text("grüß"), Message.binary(new byte[] {0, -1})));
        Letter.number(bytes, 3, 5);
        Letter letter = Letter.open(bytes);
        assertEquals(List.of(7L, 3L, 5L), List.of(letter.node, letter.stream, letter.sequence));
        assertEquals(Letter.MESSAGES, letter.kind);
        assertEquals(9, letter.<Long>read(Letter::number).longValue());
        List<Message> messages = letter.read(open -> open.messages(null));
        assertEquals("grüß", ((Message.Text) messages.get(0)).text());
        assertEquals(ByteBuffer.wrap(new byte[] {0, -1}), messages.get(1).payload());
    }

    @Test
    void commandsComeAsTheyWere() {
        Letter close = Letter.open(Letter.close(7, "ann", new CloseStatus(4000, "bye")));
        assertEquals(4000, close.<Integer>read(Letter::closeCode).intValue());
        assertEquals("bye", close.read(Letter::text));
        assertEquals("ann", close.read(Letter::text));
        Letter wanted = Letter.open(Letter.headsWanted(7, 11, List.of("b", "t:ü")));
        assertEquals(11, wanted.<Long>read(Letter::number).longValue());
        assertEquals(List.of("b", "t:ü"), wanted.read(Letter::channels));
        List<Letter.Head> heads = List.of(new Letter.Head("b", 1, 2), new Letter.Head("t:x", 3, 4));
        assertEquals(heads, Letter.open(Letter.heads(7, heads)).read(Letter::heads));
    }

    /** Whatever is on the channel, it is a letter or it is refused: nothing else is thrown, and no bound is believed. */
    @Test
    void damagedLettersAreRefused() {
        byte[] sound = Letter.messages(7, 9, List.of(Message.text("one"), Message.text("two")));
        for (int length = 0; length < sound.length; length++) {
            byte[] cut = Arrays.copyOf(sound, length);
            assertThrows(IllegalArgumentException.class, () -> readAll(cut), () -> "cut at " + cut.length);
        }
        Random random = new Random(1);
        for (int i = 0; i < 100_000; i++) {
            byte[] changed = sound.clone();
            changed[random.nextInt(changed.length)] = (byte) random.nextInt();
            try {
                readAll(changed);
            } catch (IllegalArgumentException refused) {
                // Also a valid outcome.
            }
        }
    }

    private static void readAll(byte[] bytes) {
        Letter letter = Letter.open(bytes);
        letter.read(Letter::number);
        letter.read(open -> open.messages("topic"));
    }
}
