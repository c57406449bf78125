package io.tankws.core.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.CloseStatus;
import io.tankws.Message;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NodeMessageTest {
    @Test
    void messagesComeAsTheyWere() {
        byte[] bytes = NodeMessage.messages(7, 9, List.of(Message.text("grüß"), Message.binary(new byte[] {0, -1})));
        NodeMessage.number(bytes, 3, 5);
        NodeMessage nodeMessage = NodeMessage.open(bytes);
        assertEquals(List.of(7L, 3L, 5L), List.of(nodeMessage.node, nodeMessage.epoch, nodeMessage.offset));
        assertEquals(NodeMessage.MESSAGES, nodeMessage.kind);
        assertEquals(9, nodeMessage.<Long>read(NodeMessage::number).longValue());
        List<Message> messages = nodeMessage.read(body -> body.messages(null));
        assertEquals("grüß", ((Message.Text) messages.get(0)).text());
        assertEquals(ByteBuffer.wrap(new byte[] {0, -1}), messages.get(1).payload());
    }

    @Test
    void commandsComeAsTheyWere() {
        NodeMessage close = NodeMessage.open(NodeMessage.close(7, "ann", new CloseStatus(4000, "bye")));
        assertEquals(4000, close.<Integer>read(NodeMessage::closeCode).intValue());
        assertEquals("bye", close.read(NodeMessage::text));
        assertEquals("ann", close.read(NodeMessage::text));
        UserCommand command = new UserCommand(UserCommand.Action.REVOKE, "ann", "t:ü");
        NodeMessage revoke = NodeMessage.open(NodeMessage.command(7, 12, command));
        assertEquals(12, revoke.<Long>read(NodeMessage::number).longValue());
        assertEquals(command, revoke.readLast(NodeMessage::userCommand));
        byte[] unknown = NodeMessage.command(7, 12, command);
        unknown[34] = 9;
        NodeMessage damaged = NodeMessage.open(unknown);
        damaged.read(NodeMessage::number);
        assertThrows(IllegalArgumentException.class, () -> damaged.read(NodeMessage::userCommand));
        NodeMessage confirmation = NodeMessage.open(NodeMessage.confirmation(8, 12));
        assertEquals(8, confirmation.node);
        assertEquals(12, confirmation.<Long>readLast(NodeMessage::number).longValue());
        NodeMessage wanted = NodeMessage.open(NodeMessage.positionRequest(7, 11, List.of("b", "t:ü")));
        assertEquals(11, wanted.<Long>read(NodeMessage::number).longValue());
        assertEquals(List.of("b", "t:ü"), wanted.read(NodeMessage::channels));
        List<NodeMessage.StreamPosition> positions =
                List.of(new NodeMessage.StreamPosition("b", 1, 2), new NodeMessage.StreamPosition("t:x", 3, 4));
        assertEquals(
                positions,
                NodeMessage.open(NodeMessage.positionReport(7, positions)).read(NodeMessage::positionReport));
    }

    /** Any bytes are a message or are refused with one kind of exception. No count in them is trusted. */
    @Test
    void damagedMessagesAreRefused() {
        byte[] sound = NodeMessage.messages(7, 9, List.of(Message.text("one"), Message.text("two")));
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
                // The bytes are refused, which is valid too.
            }
        }
    }

    /** The bytes are within their bound and all messages are empty, so only the number of messages is invalid. */
    @Test
    void moreClientMessagesThanANodeSendsAreRefused() {
        int count = 4_000_000;
        ByteBuffer nodeMessage =
                position(NodeMessage.MESSAGES, 12 + 6 * count).putLong(0).putInt(count);
        for (int i = 0; i < count; i++) {
            nodeMessage.put((byte) 1).putInt(1).put((byte) 'x');
        }
        assertThrows(IllegalArgumentException.class, () -> readAll(nodeMessage.array()));
    }

    @Test
    void oneMessageMoreThanTheBoundIsRefused() {
        List<Message> most = Collections.nCopies(NodeMessage.MAX_MESSAGES, Message.text(""));
        readAll(NodeMessage.messages(7, 9, most));
        List<Message> more = Collections.nCopies(NodeMessage.MAX_MESSAGES + 1, Message.text(""));
        assertThrows(IllegalArgumentException.class, () -> readAll(NodeMessage.messages(7, 9, more)));
    }

    @Test
    void oneByteMoreThanTheBoundIsRefused() {
        byte[] most = new byte[NodeMessage.MAX_BYTES - (int) NodeMessage.bytes(List.of(Message.text("")))];
        byte[] nodeMessage = NodeMessage.messages(7, 9, List.of(Message.binary(most)));
        assertEquals(NodeMessage.MAX_BYTES, nodeMessage.length);
        NodeMessage.open(nodeMessage);
        assertThrows(IllegalArgumentException.class, () -> NodeMessage.open(new byte[NodeMessage.MAX_BYTES + 1]));
    }

    @Test
    void moreChannelsOrHeadsThanANodeSendsAreRefused() {
        List<String> channels = Collections.nCopies(NodeMessage.MAX_CHANNELS + 1, "b");
        NodeMessage wanted = NodeMessage.open(NodeMessage.positionRequest(7, 11, channels));
        wanted.<Long>read(NodeMessage::millis);
        assertThrows(IllegalArgumentException.class, () -> wanted.read(NodeMessage::channels));
        List<NodeMessage.StreamPosition> positions =
                Collections.nCopies(NodeMessage.MAX_CHANNELS + 1, new NodeMessage.StreamPosition("b", 1, 1));
        NodeMessage report = NodeMessage.open(NodeMessage.positionReport(7, positions));
        assertThrows(IllegalArgumentException.class, () -> report.read(NodeMessage::positionReport));
    }

    @Test
    void aTextThatIsLongerThanTheBoundOrNotUtf8IsRefused() {
        String longest = "x".repeat(NodeMessage.MAX_TEXT_BYTES);
        assertTrue(NodeMessage.fits(longest));
        assertFalse(NodeMessage.fits(longest + "x"));
        assertFalse(NodeMessage.fits("\u20AC".repeat(NodeMessage.MAX_TEXT_BYTES / 3 + 1)));
        for (byte[] user : new byte[][] {
            (longest + "x").getBytes(StandardCharsets.UTF_8),
            {(byte) 0xFF},
            {(byte) 0xC3},
            {(byte) 0xED, (byte) 0xA0, 0x20}
        }) {
            NodeMessage nodeMessage =
                    NodeMessage.open(close(1000, 0, user.length).put(user).array());
            nodeMessage.<CloseStatus>read(NodeMessage::closeStatus);
            assertThrows(IllegalArgumentException.class, () -> nodeMessage.readLast(NodeMessage::text));
        }
    }

    @Test
    void aCloseStatusThatNoFrameMayCarryIsRefused() {
        for (int code : new int[] {-1, 0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, Integer.MAX_VALUE}) {
            NodeMessage nodeMessage = NodeMessage.open(close(code, 0, 0).array());
            assertThrows(IllegalArgumentException.class, () -> nodeMessage.<CloseStatus>read(NodeMessage::closeStatus));
        }
        ByteBuffer longReason =
                position(NodeMessage.CLOSE, 12 + 124).putInt(1000).putInt(124);
        assertThrows(
                IllegalArgumentException.class,
                () -> NodeMessage.open(longReason.array()).<CloseStatus>read(NodeMessage::closeStatus));
    }

    @Test
    void numbersThatNoNodeGivesAreRefused() {
        for (long number : new long[] {0, -1, Long.MIN_VALUE, NodeMessage.MAX_NUMBER + 1, 1L << 62, Long.MAX_VALUE}) {
            for (boolean stream : new boolean[] {false, true}) {
                byte[] nodeMessage = NodeMessage.messages(7, 0, List.of());
                NodeMessage.number(nodeMessage, stream ? number : 1, stream ? 1 : number);
                assertThrows(IllegalArgumentException.class, NodeMessage.open(nodeMessage)::requireNumbers);
                NodeMessage.StreamPosition position =
                        new NodeMessage.StreamPosition("b", stream ? number : 1, stream ? 1 : number);
                NodeMessage positions = NodeMessage.open(NodeMessage.positionReport(7, List.of(position)));
                assertThrows(IllegalArgumentException.class, () -> positions.read(NodeMessage::positionReport));
            }
        }
        for (long millis : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE}) {
            NodeMessage wanted = NodeMessage.open(NodeMessage.positionRequest(7, millis, List.of("b")));
            assertThrows(IllegalArgumentException.class, () -> wanted.<Long>read(NodeMessage::millis));
        }
    }

    @Test
    void bytesAfterTheLastPartAreRefused() {
        byte[] sound = NodeMessage.messages(7, 9, List.of(Message.text("one")));
        NodeMessage nodeMessage = NodeMessage.open(Arrays.copyOf(sound, sound.length + 1));
        nodeMessage.<Long>read(NodeMessage::number);
        assertThrows(IllegalArgumentException.class, () -> nodeMessage.readLast(body -> body.messages(null)));
    }

    private static ByteBuffer close(int code, int reasonBytes, int userBytes) {
        ByteBuffer nodeMessage =
                position(NodeMessage.CLOSE, 12 + reasonBytes + userBytes).putInt(code);
        return nodeMessage.putInt(reasonBytes).put(new byte[reasonBytes]).putInt(userBytes);
    }

    private static ByteBuffer position(byte kind, int bodyBytes) {
        return ByteBuffer.allocate(26 + bodyBytes)
                .put((byte) 1)
                .put(kind)
                .putLong(7)
                .putLong(1)
                .putLong(1);
    }

    private static void readAll(byte[] bytes) {
        NodeMessage nodeMessage = NodeMessage.open(bytes);
        nodeMessage.read(NodeMessage::number);
        nodeMessage.read(body -> body.messages("topic"));
    }
}
