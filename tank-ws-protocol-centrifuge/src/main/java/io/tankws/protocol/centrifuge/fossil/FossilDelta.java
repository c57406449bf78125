package io.tankws.protocol.centrifuge.fossil;

import org.jspecify.annotations.Nullable;

/**
 * An encoder of patches in the delta format of Fossil.
 *
 * <p>A patch is the size of the target, copies from the source, inserted bytes, and a checksum of the target. For
 * inputs of n bytes, the encoder needs time and memory in proportion to n, whatever the content.
 */
public final class FossilDelta {
    /** The maximum size of a source and of a target in bytes. Larger publications are sent in full. */
    public static final int MAX_BYTES = 1 << 20;

    private final byte[] target;
    private final TextRule rule;
    private final BlockIndex index;
    private final PatchOutput out;

    /** The number of bytes of the target that the patch describes. */
    private int done;

    private FossilDelta(byte[] source, byte[] target, TextRule rule) {
        this.target = target;
        this.rule = rule;
        index = new BlockIndex(source);
        // A patch that is not smaller than the target is useless, so its room is bounded by the target.
        out = new PatchOutput(target.length);
    }

    /** The bytes at which a patch may cut the target. */
    private enum TextRule {
        ANY,
        /** A patch cuts between characters only. Each inserted part is then UTF-8 if the target is. */
        CHARACTERS
    }

    /**
     * Creates a patch of bytes.
     *
     * @return the patch, or {@code null} if none is smaller than the target
     */
    public static byte @Nullable [] ofBytes(byte[] source, byte[] target) {
        return create(source, target, TextRule.ANY);
    }

    /**
     * Creates a patch that is UTF-8 itself.
     *
     * @param target UTF-8
     * @return the patch, or {@code null} if none is smaller than the target
     */
    public static byte @Nullable [] ofText(byte[] source, byte[] target) {
        return create(source, target, TextRule.CHARACTERS);
    }

    private static byte @Nullable [] create(byte[] source, byte[] target, TextRule rule) {
        if (source.length > MAX_BYTES || target.length > MAX_BYTES || source.length < BlockIndex.BLOCK) {
            return null;
        }
        return new FossilDelta(source, target, rule).create();
    }

    private byte @Nullable [] create() {
        out.number(target.length);
        out.put('\n');
        int at = 0;
        RollingHash hash = new RollingHash(target);
        while (at + BlockIndex.BLOCK <= target.length && !out.isFull()) {
            hash.moveTo(at);
            BlockIndex.Match match = index.longest(hash.value(), target, at, done);
            at = match != null && copy(match) ? done : at + 1;
        }
        insertUpTo(target.length);
        out.number(checksum(target));
        out.put(';');
        return out.isFull() ? null : out.toArray();
    }

    /** Writes a copy, unless it is longer than the bytes that it replaces. Returns whether it was written. */
    private boolean copy(BlockIndex.Match match) {
        int start = match.target();
        int end = start + match.length();
        if (rule == TextRule.CHARACTERS) {
            // In UTF-8, at most three bytes precede the start of the next character.
            for (int i = 0; i < 3 && !startsCharacter(start); i++) {
                start++;
            }
            for (int i = 0; i < 3 && !startsCharacter(end); i++) {
                end--;
            }
        }
        int offset = match.source() + start - match.target();
        int count = end - start;
        int cost = PatchOutput.sizeOf(count) + PatchOutput.sizeOf(offset) + 2;
        if (cost >= count) {
            return false;
        }
        insertUpTo(start);
        out.number(count);
        out.put('@');
        out.number(offset);
        out.put(',');
        done = end;
        return true;
    }

    private boolean startsCharacter(int at) {
        return at == target.length || (target[at] & 0xC0) != 0x80;
    }

    private void insertUpTo(int end) {
        int count = end - done;
        if (count > 0) {
            out.number(count);
            out.put(':');
            out.put(target, done, count);
            done = end;
        }
    }

    /** Returns the sum of a text as 32-bit numbers in network order. Missing bytes of the last one are 0. */
    static int checksum(byte[] text) {
        int sum = 0;
        for (int i = 0; i < text.length; i++) {
            sum += (text[i] & 0xFF) << (24 - 8 * (i & 3));
        }
        return sum;
    }
}
