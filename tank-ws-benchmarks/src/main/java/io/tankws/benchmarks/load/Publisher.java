package io.tankws.benchmarks.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;

/**
 * The client that publishes messages and answers pings. It sends both through one buffer, which the selecting thread
 * and the publishing thread share under the lock of this object.
 */
final class Publisher {
    private static final int BUFFER = 4 << 20;
    private static final int MAX_FRAME_HEAD = 8;

    private final Peer peer;
    private final DeliveryChecker checker;
    private final Payload payload;
    private final int size;
    private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER);

    Publisher(Peer peer, DeliveryChecker checker, int size) {
        this.peer = peer;
        this.checker = checker;
        this.payload = new Payload(size);
        this.size = size;
    }

    /** Sends a message. Returns {@code false} if the socket accepts no more bytes, and the message stays due. */
    synchronized boolean publish(long due) {
        if (out.remaining() < size + MAX_FRAME_HEAD) {
            return false;
        }
        byte[] message = payload.stamp(checker.published(), due);
        // The message is counted first, because it may be delivered before this thread continues.
        checker.publish();
        ClientFrame.put(out, ClientFrame.TEXT, message, 0, size);
        return true;
    }

    /** Sends a control frame if the buffer has space for it. */
    synchronized void control(int opcode, byte[] from, int at, int length) throws IOException {
        if (out.remaining() >= length + MAX_FRAME_HEAD) {
            ClientFrame.put(out, opcode, from, at, length);
            flush();
        }
    }

    /** Writes the bytes that the socket accepts. The selecting thread writes the rest when the socket is writable. */
    synchronized void flush() throws IOException {
        out.flip();
        try {
            peer.channel.write(out);
        } finally {
            out.compact();
        }
        int interest = SelectionKey.OP_READ | (out.position() > 0 ? SelectionKey.OP_WRITE : 0);
        if (peer.key.interestOps() != interest) {
            peer.key.interestOps(interest);
            peer.key.selector().wakeup();
        }
    }
}
