package io.tankws.core.outbox;

import io.tankws.Frame;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The pings and pongs that wait for the next write to one client. Guarded by the lock of its {@link Outbox}. */
final class PendingControlFrames {
    /**
     * Maximum number of pongs that wait after a write in flight. When more pings arrive, the oldest ones get no pong,
     * which RFC 6455 section 5.5.3 allows. Pongs that the peer does not read cannot accumulate.
     */
    static final int MAX_PONGS = 16;

    private static final Frame PING = Frame.of(Frame.Opcode.PING, ByteBuffer.allocate(0));

    private boolean ping;
    /** Pongs to send, or {@code null} before the first. */
    private @Nullable ArrayDeque<Frame> pongs;

    private int bytes;

    void ping() {
        bytes += ping ? 0 : PING.length();
        ping = true;
    }

    void pong(Frame frame) {
        if (pongs == null) {
            pongs = new ArrayDeque<>(1);
        } else if (pongs.size() == MAX_PONGS) {
            bytes -= pongs.poll().length();
        }
        pongs.add(frame);
        bytes += frame.length();
    }

    int bytes() {
        return bytes;
    }

    /** Takes the frames. The owner creates a new instance for later frames. */
    void moveTo(List<Frame> batch) {
        if (pongs != null) {
            batch.addAll(pongs);
        }
        if (ping) {
            batch.add(PING);
        }
    }
}
