package io.tankws.benchmarks.load;

import java.io.IOException;

/** A parser of server frames in a read buffer. */
final class ServerFrames {
    private static final int MAX = 256 * 1024;
    private static final int TWO_BYTES = 126;
    private static final int EIGHT_BYTES = 127;

    /** Receives one frame, with the payload in the read buffer. */
    interface Receiver {
        void frame(Peer peer, byte first, int from, int to, long now) throws IOException;
    }

    private final Receiver receiver;

    ServerFrames(Receiver receiver) {
        this.receiver = receiver;
    }

    /** Passes on complete frames until the peer is closed. Returns the offset of the first incomplete frame. */
    int take(Peer peer, byte[] in, int from, int to, long now) throws IOException {
        int at = from;
        while (peer.state == Peer.State.OPEN && to - at >= 2) {
            int code = in[at + 1] & 255;
            int head = code == EIGHT_BYTES ? 10 : code == TWO_BYTES ? 4 : 2;
            if (to - at < head) {
                break;
            }
            long length = code < TWO_BYTES ? code : 0;
            for (int i = 2; i < head; i++) {
                length = length << 8 | in[at + i] & 255;
            }
            // A masked frame also has such a length byte. Control frames are short.
            boolean control = (in[at] & 8) != 0;
            if (code > EIGHT_BYTES || control && code >= TWO_BYTES || length < 0 || length > MAX) {
                throw new IOException("not a frame of a server");
            }
            int end = at + head + (int) length;
            if (end > to) {
                break;
            }
            receiver.frame(peer, in[at], at + head, end, now);
            at = end;
        }
        return at;
    }
}
