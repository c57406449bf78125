package io.tankws.protocol.centrifuge.fossil;

import java.util.Arrays;

/** A patch under construction that must stay smaller than its target. */
final class PatchOutput {
    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~";
    private static final int BITS_PER_DIGIT = 6;

    private final byte[] bytes;
    private int size;
    private boolean isFull;

    PatchOutput(int limit) {
        bytes = new byte[limit];
    }

    /** Returns whether the patch has reached its limit. Its content is meaningless then. */
    boolean isFull() {
        return isFull || size == bytes.length;
    }

    byte[] toArray() {
        return Arrays.copyOf(bytes, size);
    }

    void put(int b) {
        if (reserve(1)) {
            bytes[size++] = (byte) b;
        }
    }

    void put(byte[] source, int offset, int length) {
        if (reserve(length)) {
            System.arraycopy(source, offset, bytes, size, length);
            size += length;
        }
    }

    /** Writes an unsigned number with the most significant digit first. */
    void number(int value) {
        int digits = sizeOf(value);
        for (int i = digits - 1; i >= 0; i--) {
            put(DIGITS.charAt(value >>> BITS_PER_DIGIT * i & 0x3F));
        }
    }

    /** Returns the number of digits of an unsigned number. */
    static int sizeOf(int value) {
        int bits = Integer.SIZE - Integer.numberOfLeadingZeros(value | 1);
        return (bits + BITS_PER_DIGIT - 1) / BITS_PER_DIGIT;
    }

    private boolean reserve(int length) {
        if (bytes.length - size < length) {
            isFull = true;
        }
        return !isFull;
    }
}
