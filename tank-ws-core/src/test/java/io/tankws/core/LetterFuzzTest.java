package io.tankws.core;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tankws.CloseStatus;
import io.tankws.Message;
import java.util.List;

/** Any bytes from the backplane are a letter within its bounds, or refused; nothing else is thrown. */
class LetterFuzzTest {
    @FuzzTest(maxDuration = "2m")
    void opensAnything(byte[] bytes) {
        try {
            read(Letter.open(bytes), bytes.length);
        } catch (IllegalArgumentException refused) {
            assertTrue(refused.getMessage().length() < 80, "the text repeats nothing of the letter");
        }
    }

    private static void read(Letter letter, int size) {
        switch (letter.kind) {
            case Letter.MESSAGES -> {
                letter.<Long>read(Letter::number);
                List<Message> messages = letter.readLast(open -> open.messages(null));
                assertTrue(messages.size() <= Letter.MAX_MESSAGES);
                assertTrue(messages.stream().mapToLong(Message::size).sum() <= size);
            }
            case Letter.CLOSE -> {
                CloseStatus status = letter.read(Letter::closeStatus);
                assertTrue(status.isSendable());
                assertTrue(Letter.fits(letter.readLast(Letter::text)));
            }
            case Letter.HEADS_WANTED -> {
                assertTrue(letter.<Long>read(Letter::millis) >= 0);
                assertTrue(letter.readLast(Letter::channels).size() <= Letter.MAX_CHANNELS);
            }
            case Letter.HEADS -> {
                List<Letter.Head> heads = letter.readLast(Letter::heads);
                assertTrue(heads.size() <= Letter.MAX_CHANNELS);
                assertTrue(heads.stream().allMatch(head -> head.sequence() > 0 && head.stream() > 0));
            }
            default -> letter.requireNumbers();
        }
    }
}
