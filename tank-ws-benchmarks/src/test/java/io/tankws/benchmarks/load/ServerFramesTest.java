package io.tankws.benchmarks.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServerFramesTest {
    private final Peer peer = new Peer(0, Peer.Role.SUBSCRIBER, null);
    private final List<Integer> lengths = new ArrayList<>();
    private final ServerFrames frames = new ServerFrames((of, first, from, to, now) -> lengths.add(to - from));

    ServerFramesTest() {
        peer.state = Peer.State.OPEN;
    }

    @Test
    void completeFramesOfAllLengthsAreReadAndTheRestIsKept() throws IOException {
        ByteBuffer in = ByteBuffer.allocate(80_000);
        for (int length : new int[] {0, 125}) {
            in.put((byte) 0x81).put((byte) length).position(in.position() + length);
        }
        in.put((byte) 0x81).put((byte) 126).putShort((short) 200).position(in.position() + 200);
        in.put((byte) 0x81).put((byte) 127).putLong(70_000).position(in.position() + 70_000);
        int whole = in.position();
        assertEquals(whole, frames.take(peer, in.array(), 0, whole, 0));
        assertEquals(List.of(0, 125, 200, 70_000), lengths);
        lengths.clear();
        assertEquals(whole - 70_010, frames.take(peer, in.array(), 0, whole - 1, 0));
        assertEquals(List.of(0, 125, 200), lengths);
    }

    @Test
    void anIncompleteHeadIsKept() throws IOException {
        byte[] head = {(byte) 0x81, 127, 0, 0, 0, 0, 0, 0, 0};
        for (int length = 0; length <= head.length; length++) {
            assertEquals(0, frames.take(peer, head, 0, length, 0));
        }
        assertEquals(List.of(), lengths);
    }

    @Test
    void maskedAndOversizedFramesAreErrors() {
        byte[] masked = {(byte) 0x81, (byte) 0x80, 0, 0, 0, 0};
        byte[] huge = {(byte) 0x81, 127, 0, 0, 0, 1, 0, 0, 0, 0};
        byte[] negative = {(byte) 0x81, 127, -1, 0, 0, 0, 0, 0, 0, 0};
        byte[] longPing = {(byte) 0x89, 126, 0, 126};
        for (byte[] wrong : List.of(masked, huge, negative, longPing)) {
            assertThrows(IOException.class, () -> frames.take(peer, wrong, 0, wrong.length, 0));
        }
    }
}
