package io.tankws.core.cluster;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tankws.CloseStatus;
import io.tankws.Message;
import java.util.List;

/** Any bytes from the backplane are a letter within its bounds, or refused; nothing else is thrown. */
class NodeMessageFuzzTest {
    @FuzzTest(maxDuration = "2m")
    void opensAnything(byte[] bytes) {
        try {
            read(NodeMessage.open(bytes), bytes.length);
        } catch (IllegalArgumentException refused) {
            assertTrue(refused.getMessage().length() < 80, "the text repeats nothing of the letter");
        }
    }

    private static void read(NodeMessage letter, int size) {
        switch (letter.kind) {
            case NodeMessage.MESSAGES -> {
                letter.<Long>read(NodeMessage::number);
                List<Message> messages = letter.readLast(open -> open.messages(null));
                assertTrue(messages.size() <= NodeMessage.MAX_MESSAGES);
                assertTrue(messages.stream().mapToLong(Message::size).sum() <= size);
            }
            case NodeMessage.CLOSE -> {
                CloseStatus status = letter.read(NodeMessage::closeStatus);
                assertTrue(status.isSendable());
                assertTrue(NodeMessage.fits(letter.readLast(NodeMessage::text)));
            }
            case NodeMessage.POSITION_REQUEST -> {
                assertTrue(letter.<Long>read(NodeMessage::millis) >= 0);
                assertTrue(letter.readLast(NodeMessage::channels).size() <= NodeMessage.MAX_CHANNELS);
            }
            case NodeMessage.POSITION_REPORT -> {
                List<NodeMessage.StreamPosition> heads = letter.readLast(NodeMessage::positionReport);
                assertTrue(heads.size() <= NodeMessage.MAX_CHANNELS);
                assertTrue(heads.stream().allMatch(head -> head.offset() > 0 && head.epoch() > 0));
            }
            default -> letter.requireNumbers();
        }
    }
}
