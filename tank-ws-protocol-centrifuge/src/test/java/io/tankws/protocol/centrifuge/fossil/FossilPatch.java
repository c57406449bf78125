package io.tankws.protocol.centrifuge.fossil;

import java.io.ByteArrayOutputStream;

/** A reader of patches as a client applies them. */
public final class FossilPatch {
    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~";

    private final byte[] patch;
    private int at;

    private FossilPatch(byte[] patch) {
        this.patch = patch;
    }

    /** Returns the target of a patch. */
    public static byte[] apply(byte[] source, byte[] patch) {
        return new FossilPatch(patch).apply(source);
    }

    private byte[] apply(byte[] source) {
        ByteArrayOutputStream target = new ByteArrayOutputStream();
        long size = number();
        expect('\n');
        while (true) {
            long count = number();
            switch (patch[at++]) {
                case '@' -> {
                    int offset = (int) number();
                    expect(',');
                    target.write(source, offset, (int) count);
                }
                case ':' -> {
                    target.write(patch, at, (int) count);
                    at += (int) count;
                }
                case ';' -> {
                    byte[] bytes = target.toByteArray();
                    if (size != bytes.length || at != patch.length || count != sum(bytes)) {
                        throw new IllegalArgumentException("size, end or checksum of the patch is wrong");
                    }
                    return bytes;
                }
                default -> throw new IllegalArgumentException("unknown command at " + at);
            }
        }
    }

    private static long sum(byte[] bytes) {
        long sum = 0;
        for (int i = 0; i < bytes.length; i += 4) {
            long word = 0;
            for (int j = 0; j < 4; j++) {
                word = word << 8 | (i + j < bytes.length ? bytes[i + j] & 0xFF : 0);
            }
            sum += word;
        }
        return sum & 0xFFFF_FFFFL;
    }

    private void expect(char c) {
        if (patch[at++] != c) {
            throw new IllegalArgumentException("expected " + (int) c + " at " + at);
        }
    }

    private long number() {
        long value = 0;
        int start = at;
        for (int digit = digit(); digit >= 0; digit = digit()) {
            value = value << 6 | digit;
            at++;
        }
        if (at == start || at > start + 1 && patch[start] == '0') {
            throw new IllegalArgumentException("no number at " + start);
        }
        return value;
    }

    private int digit() {
        return DIGITS.indexOf((char) patch[at]);
    }
}
