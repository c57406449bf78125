package io.tankws.benchmarks.load;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The format of benchmark messages: ASCII {@code tb1:SEQUENCE:DUE:xxxx…}, both numbers as 16 hexadecimal digits. Each
 * received message contains its number and due time, reveals damage, and differs from all other texts of a server.
 */
public final class Payload {
    /** Number of bytes before the padding. */
    public static final int HEAD = 38;

    /** The number of a message that is not counted. */
    public static final long HELLO = -1;

    private static final byte[] MAGIC = "tb1:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final int SEQUENCE_AT = 4;
    private static final int DUE_AT = 21;

    /** Maximum offset in bytes of a message within a text, for servers that wrap messages. */
    private static final int WRAPPING = 256;

    private final byte[] bytes;

    public Payload(int size) {
        bytes = new byte[size];
        Arrays.fill(bytes, (byte) 'x');
        System.arraycopy(MAGIC, 0, bytes, 0, MAGIC.length);
        bytes[DUE_AT - 1] = ':';
        bytes[HEAD - 1] = ':';
    }

    /** Returns the message, in the same array on each call. */
    public byte[] stamp(long sequence, long due) {
        put(SEQUENCE_AT, sequence);
        put(DUE_AT, due);
        return bytes;
    }

    /** Returns the offset of the message within a text, or -1 if there is none. */
    int find(byte[] text, int from, int to) {
        int last = Math.min(to, from + WRAPPING) - HEAD;
        for (int at = from; at <= last; at++) {
            if (text[at] == MAGIC[0] && Arrays.equals(text, at, at + MAGIC.length, MAGIC, 0, MAGIC.length)) {
                return digits(text, at + SEQUENCE_AT) && digits(text, at + DUE_AT) ? at : -1;
            }
        }
        return -1;
    }

    public static long sequence(byte[] text, int at) {
        return get(text, at + SEQUENCE_AT);
    }

    public static long due(byte[] text, int at) {
        return get(text, at + DUE_AT);
    }

    /** Returns whether the padding is unchanged. Only the bytes of a first fragment are compared. */
    boolean whole(byte[] text, int at, int to, boolean fragment) {
        int length = Math.min(to - at, bytes.length);
        return (fragment || length == bytes.length) && Arrays.equals(text, at + HEAD, at + length, bytes, HEAD, length);
    }

    private void put(int at, long value) {
        for (int i = 0; i < 16; i++) {
            bytes[at + i] = DIGITS[(int) (value >>> 60 - 4 * i) & 15];
        }
    }

    private static boolean digits(byte[] text, int at) {
        for (int i = at; i < at + 16; i++) {
            if (Character.digit(text[i], 16) < 0) {
                return false;
            }
        }
        return true;
    }

    private static long get(byte[] text, int at) {
        long value = 0;
        for (int i = at; i < at + 16; i++) {
            value = value << 4 | text[i] - (text[i] <= '9' ? '0' : 'a' - 10);
        }
        return value;
    }
}
