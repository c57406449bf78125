package io.tankws.protocol.centrifuge.fossil;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The blocks of a source by their hash. */
final class BlockIndex {
    /** The number of bytes of a block. */
    static final int BLOCK = 16;

    /** The number of blocks with one hash that a search compares. It bounds the time for repetitive content. */
    private static final int MAX_CANDIDATES = 64;

    private static final int NONE = -1;

    private final byte[] source;
    /** The last block of each bucket. */
    private final int[] last;
    /** For each block, the block before it in its bucket. */
    private final int[] previous;

    private final int mask;

    BlockIndex(byte[] source) {
        this.source = source;
        int blocks = source.length / BLOCK;
        mask = Math.max(1, Integer.highestOneBit(blocks) << 1) - 1;
        last = new int[mask + 1];
        previous = new int[blocks];
        Arrays.fill(last, NONE);
        for (int block = 0; block < blocks; block++) {
            int bucket = bucket(RollingHash.of(source, block * BLOCK));
            previous[block] = last[bucket];
            last[bucket] = block;
        }
    }

    /**
     * An equal part of source and target.
     *
     * @param source its start in the source
     * @param target its start in the target
     * @param length its length in bytes
     */
    record Match(int source, int target, int length) {}

    private int bucket(int hash) {
        // The lower bits of the hash depend on few bytes.
        return (hash ^ hash >>> 16) & mask;
    }

    /**
     * Finds the longest part that contains a block of the target.
     *
     * @param hash the hash of the block
     * @param at the start of the block
     * @param floor the position in the target before which the part must not begin
     * @return the part, or {@code null} if the source does not contain the block at a multiple of its size
     */
    @Nullable
    Match longest(int hash, byte[] target, int at, int floor) {
        Match longest = null;
        int block = last[bucket(hash)];
        for (int i = 0; i < MAX_CANDIDATES && block != NONE; i++, block = previous[block]) {
            int start = block * BLOCK;
            int after = mismatch(start, target, at);
            if (after < BLOCK) {
                continue;
            }
            int before = 0;
            int maxBefore = Math.min(start, at - floor);
            while (before < maxBefore && source[start - before - 1] == target[at - before - 1]) {
                before++;
            }
            if (longest == null || before + after > longest.length()) {
                longest = new Match(start - before, at - before, before + after);
            }
        }
        return longest;
    }

    /** Returns the number of equal bytes after two positions. */
    private int mismatch(int start, byte[] target, int at) {
        int mismatch = Arrays.mismatch(source, start, source.length, target, at, target.length);
        return mismatch >= 0 ? mismatch : Math.min(source.length - start, target.length - at);
    }
}
