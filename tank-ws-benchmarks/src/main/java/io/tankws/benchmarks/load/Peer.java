package io.tankws.benchmarks.load;

import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Arrays;

/** One connection as its selecting thread knows it. */
public final class Peer {
    private static final byte[] EMPTY = {};

    public enum Role {
        SUBSCRIBER,
        STUCK,
        PUBLISHER
    }

    enum State {
        HANDSHAKE,
        OPEN,
        CLOSED
    }

    final int index;
    final Role role;
    final SocketChannel channel;
    SelectionKey key;
    int localPort;
    State state = State.HANDSHAKE;

    /** One more than the largest sequence number that came. */
    public long next;

    /** Bit i is set if {@code next - 1 - i} came. */
    long recent;

    private byte[] carry = EMPTY;
    private int carried;

    Peer(int index, Role role, SocketChannel channel) {
        this.index = index;
        this.role = role;
        this.channel = channel;
    }

    /** Puts what was kept at the beginning of the array; returns its length. */
    int resume(byte[] into) {
        System.arraycopy(carry, 0, into, 0, carried);
        return carried;
    }

    /** Keeps an incomplete frame or head until more of it comes; the array grows to the largest once. */
    void keep(byte[] from, int at, int length) {
        if (carry.length < length) {
            carry = Arrays.copyOf(carry, Integer.highestOneBit(length) * 2);
        }
        System.arraycopy(from, at, carry, 0, length);
        carried = length;
    }
}
