package io.tankws.transport.jetty;

import java.util.zip.Inflater;

/**
 * The last 32 KiB of inflated data, to which later blocks may refer (RFC 1951 section 2). It grows with its content.
 */
final class SlidingWindow {
    static final int MAX_BYTES = 32 * 1024;

    private static final byte[] EMPTY = {};
    private static final int MIN_CAPACITY = 256;

    private byte[] bytes = EMPTY;
    private int length;

    void add(byte[] source, int from, int to) {
        int start = Math.max(from, to - MAX_BYTES);
        int count = to - start;
        int kept = Math.min(length, MAX_BYTES - count);
        int capacity = bytes.length;
        if (capacity < kept + count) {
            capacity = Math.min(MAX_BYTES, Math.max(Math.max(MIN_CAPACITY, kept + count), 2 * capacity));
        }
        byte[] target = capacity == bytes.length ? bytes : new byte[capacity];
        System.arraycopy(bytes, length - kept, target, 0, kept);
        System.arraycopy(source, start, target, kept, count);
        bytes = target;
        length = kept + count;
    }

    /** Sets this window in an inflater that has been reset. */
    void restoreTo(Inflater inflater) {
        if (length > 0) {
            inflater.setDictionary(bytes, 0, length);
        }
    }

    void clear() {
        bytes = EMPTY;
        length = 0;
    }
}
