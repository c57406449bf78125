package io.tankws.benchmarks.load;

import java.io.IOException;

/** Finds the frames of a server in what was read. */
final class ServerFrames {
    private static final int LARGEST = 256 * 1024;
    private static final int TWO_BYTES = 126;
    private static final int EIGHT_BYTES = 127;

    /** Takes one frame; its payload lies in the array that was read into. */
    interface Receiver {
        void frame(Peer peer, byte first, int from, int to, long now) throws IOException;
    }

    private final Receiver receiver;

    ServerFrames(Receiver receiver) {
        this.receiver = receiver;
    }

    /** Hands over the whole frames until the peer is closed; returns where the first incomplete one begins. */
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
            // This includes a masked frame; control frames are short.
            boolean control = (in[at] & 8) != 0;
            if (code > EIGHT_BYTES || control && code >= TWO_BYTES || length < 0 || length > LARGEST) {
                throw new IOException("no frame of a server");
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
