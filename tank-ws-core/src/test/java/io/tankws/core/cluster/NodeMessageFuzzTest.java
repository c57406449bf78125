package io.tankws.core.cluster;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tankws.CloseStatus;
import io.tankws.Message;
import io.tankws.Payload;
import io.tankws.PresenceEvent;
import io.tankws.PublisherInfo;
import java.util.List;

/** Any bytes from the backplane are a message within its bounds, or are refused with one kind of exception. */
class NodeMessageFuzzTest {
    @FuzzTest(maxDuration = "2m")
    void opensAnything(byte[] bytes) {
        try {
            read(NodeMessage.open(bytes), bytes.length);
        } catch (IllegalArgumentException refused) {
            assertTrue(refused.getMessage().length() < 80, "the text repeats nothing of the message");
        }
    }

    private static void read(NodeMessage nodeMessage, int size) {
        switch (nodeMessage.kind) {
            case NodeMessage.MESSAGES -> {
                nodeMessage.<Long>read(NodeMessage::number);
                List<Message> messages = nodeMessage.readLast(body -> body.messages(null));
                assertTrue(messages.size() <= NodeMessage.MAX_MESSAGES);
                assertTrue(messages.stream().mapToLong(Message::size).sum() <= size);
            }
            case NodeMessage.CLOSE -> {
                CloseStatus status = nodeMessage.read(NodeMessage::closeStatus);
                assertTrue(status.isSendable());
                assertTrue(NodeMessage.fits(nodeMessage.readLast(NodeMessage::text)));
            }
            case NodeMessage.POSITION_REQUEST -> {
                assertTrue(nodeMessage.<Long>read(NodeMessage::millis) >= 0);
                assertTrue(nodeMessage.readLast(NodeMessage::channels).size() <= NodeMessage.MAX_CHANNELS);
            }
            case NodeMessage.POSITION_REPORT -> {
                List<NodeMessage.StreamPosition> positions = nodeMessage.readLast(NodeMessage::positionReport);
                assertTrue(positions.size() <= NodeMessage.MAX_CHANNELS);
                assertTrue(positions.stream().allMatch(position -> position.offset() > 0 && position.epoch() > 0));
            }
            case NodeMessage.PRESENCE -> {
                nodeMessage.<Long>read(NodeMessage::number);
                PresenceEvent event = nodeMessage.readLast(body -> PresenceCodec.event(body, "t"));
                assertTrue(event.member().info().map(Payload::size).orElse(0) <= PublisherInfo.MAX_INFO_BYTES);
            }
            case NodeMessage.QUESTION -> {
                nodeMessage.<Long>read(NodeMessage::number);
                assertTrue(nodeMessage.readLast(PresenceCodec::question).max() >= 0);
            }
            case NodeMessage.ANSWER -> {
                nodeMessage.<Long>read(NodeMessage::number);
                if (nodeMessage.readLast(PresenceCodec::answer) instanceof NodeReply.Members answer) {
                    assertTrue(answer.members().size() <= PresenceCodec.MAX_MEMBERS);
                }
            }
            default -> nodeMessage.requireNumbers();
        }
    }
}
