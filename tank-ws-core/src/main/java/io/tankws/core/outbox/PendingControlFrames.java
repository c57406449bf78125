package io.tankws.core.outbox;

import io.tankws.Frame;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;

/** The pings and pongs that wait for one client's next write. Its {@link Outbox}'s lock guards it. */
final class PendingControlFrames {
    /**
     * Most pongs that wait behind a write in flight. Of more pings than that the oldest go unanswered, as RFC 6455
     * section 5.5.3 allows: so pongs that nobody reads cannot pile up.
     */
    static final int MAX_PONGS = 16;

    private static final Frame PING = Frame.of(Frame.Opcode.PING, ByteBuffer.allocate(0));

    private boolean ping;
    private ArrayDeque<Frame> pongs;
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

    /** The last that is asked of it: who has more to send makes another. */
    void moveTo(List<Frame> batch) {
        if (pongs != null) {
            batch.addAll(pongs);
        }
        if (ping) {
            batch.add(PING);
        }
    }
}
