package io.tankws.benchmarks.load;

import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Arrays;

/** The state of one connection; used by its selecting thread. */
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

    /** The largest received sequence number plus 1. */
    public long next;

    /** Received messages: bit i is set if {@code next - 1 - i} has arrived. */
    long recent;

    private byte[] carry = EMPTY;
    private int carried;

    Peer(int index, Role role, SocketChannel channel) {
        this.index = index;
        this.role = role;
        this.channel = channel;
    }

    /** Copies the kept bytes to the beginning of the array and returns their number. */
    int resume(byte[] into) {
        System.arraycopy(carry, 0, into, 0, carried);
        return carried;
    }

    /** Keeps an incomplete frame or head until more bytes arrive. The array grows to the largest one. */
    void keep(byte[] from, int at, int length) {
        if (carry.length < length) {
            carry = Arrays.copyOf(carry, Integer.highestOneBit(length) * 2);
        }
        System.arraycopy(from, at, carry, 0, length);
        carried = length;
    }
}
