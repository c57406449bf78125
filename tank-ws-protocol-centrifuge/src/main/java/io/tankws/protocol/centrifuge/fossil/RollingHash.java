package io.tankws.protocol.centrifuge.fossil;

/** The hash of a block of bytes, which moves over an array in constant time per byte. */
final class RollingHash {
    private static final int FACTOR = 0x01000193;
    /** The factor of the first byte of a block. */
    private static final int FIRST = power(BlockIndex.BLOCK - 1);

    private final byte[] bytes;
    private int start;
    private int value;

    /** Creates the hash of the first block. */
    RollingHash(byte[] bytes) {
        this.bytes = bytes;
        if (bytes.length >= BlockIndex.BLOCK) {
            value = of(bytes, 0);
        }
    }

    static int of(byte[] bytes, int start) {
        int hash = 0;
        for (int i = start; i < start + BlockIndex.BLOCK; i++) {
            hash = hash * FACTOR + bytes[i];
        }
        return hash;
    }

    private static int power(int exponent) {
        int power = 1;
        for (int i = 0; i < exponent; i++) {
            power *= FACTOR;
        }
        return power;
    }

    /** Moves forward to a block. */
    void moveTo(int position) {
        if (position - start >= BlockIndex.BLOCK) {
            start = position;
            value = of(bytes, position);
        }
        while (start < position) {
            value = (value - bytes[start] * FIRST) * FACTOR + bytes[start + BlockIndex.BLOCK];
            start++;
        }
    }

    int value() {
        return value;
    }
}
