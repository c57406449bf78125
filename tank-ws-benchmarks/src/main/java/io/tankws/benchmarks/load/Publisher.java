package io.tankws.benchmarks.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;

/**
 * The one that sends: messages, and pongs where it is pinged. All of it leaves through one buffer, which the selecting
 * thread and the pacing one share under this object's lock.
 */
final class Publisher {
    private static final int BUFFER = 4 << 20;
    private static final int LARGEST_FRAME_HEAD = 8;

    private final Peer peer;
    private final DeliveryChecker ledger;
    private final Payload payload;
    private final int size;
    private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER);

    Publisher(Peer peer, DeliveryChecker ledger, int size) {
        this.peer = peer;
        this.ledger = ledger;
        this.payload = new Payload(size);
        this.size = size;
    }

    /** Sends a message. Returns {@code false} if the socket has no room; the message stays due then. */
    synchronized boolean publish(long due) {
        if (out.remaining() < size + LARGEST_FRAME_HEAD) {
            return false;
        }
        byte[] message = payload.stamp(ledger.published(), due);
        // Counted first: it may be back before this thread goes on.
        ledger.publish();
        ClientFrame.put(out, ClientFrame.TEXT, message, 0, size);
        return true;
    }

    /** A control frame, if there is room. */
    synchronized void control(int opcode, byte[] from, int at, int length) throws IOException {
        if (out.remaining() >= length + LARGEST_FRAME_HEAD) {
            ClientFrame.put(out, opcode, from, at, length);
            flush();
        }
    }

    /** Writes the bytes that the socket takes. The selecting thread writes the rest when the socket is writable. */
    synchronized void flush() throws IOException {
        out.flip();
        try {
            peer.channel.write(out);
        } finally {
            out.compact();
        }
        int wanted = SelectionKey.OP_READ | (out.position() > 0 ? SelectionKey.OP_WRITE : 0);
        if (peer.key.interestOps() != wanted) {
            peer.key.interestOps(wanted);
            peer.key.selector().wakeup();
        }
    }
}
