package io.tankws.protocol.centrifuge.codec;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing array of bytes. Not thread-safe. */
public final class ByteOutput {
    private static final int INITIAL_CAPACITY = 256;

    /** The largest array that every virtual machine can create. */
    private static final int MAX_CAPACITY = Integer.MAX_VALUE - 8;

    private byte[] bytes = new byte[INITIAL_CAPACITY];
    private int size;

    /** Creates an empty output. */
    public ByteOutput() {}

    /** Returns the number of bytes written. */
    public int size() {
        return size;
    }

    /** Returns a view of all bytes written. Nothing may be written later. */
    public ByteBuffer toBuffer() {
        return ByteBuffer.wrap(bytes, 0, size).slice();
    }

    /** Writes the newline between two messages. */
    public void separateLine() {
        put('\n');
    }

    void put(int b) {
        require(1);
        bytes[size++] = (byte) b;
    }

    /** Writes characters below U+0080. */
    void ascii(String text) {
        int length = text.length();
        require(length);
        for (int i = 0; i < length; i++) {
            bytes[size++] = (byte) text.charAt(i);
        }
    }

    void put(byte[] source) {
        require(source.length);
        System.arraycopy(source, 0, bytes, size, source.length);
        size += source.length;
    }

    /** Writes the remaining bytes of a buffer and leaves its position alone. */
    void put(ByteBuffer source) {
        int length = source.remaining();
        require(length);
        source.get(source.position(), bytes, size, length);
        size += length;
    }

    /** Writes a text in UTF-8. A lone surrogate becomes a question mark. */
    void utf8(String text) {
        put(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes a number in 1 to 10 groups of 7 bits, as Protobuf does. */
    void varint(long value) {
        long remaining = value;
        while ((remaining & ~0x7FL) != 0) {
            put((int) (remaining & 0x7F) | 0x80);
            remaining >>>= 7;
        }
        put((int) remaining);
    }

    /**
     * Inserts the number of bytes that were written after a position, in front of them.
     *
     * @param start the size at which the counted bytes begin
     */
    void insertLength(int start) {
        int length = size - start;
        int prefix = varintSize(length);
        require(prefix);
        System.arraycopy(bytes, start, bytes, start + prefix, length);
        size = start;
        varint(length);
        size += length;
    }

    private static int varintSize(int value) {
        // The highest bit is at most 31, so the product cannot overflow. Zero takes one byte too.
        return (38 - Integer.numberOfLeadingZeros(value | 1)) / 7;
    }

    /** Removes newlines and carriage returns from the bytes after a position. */
    void removeLineBreaks(int start) {
        int kept = start;
        for (int i = start; i < size; i++) {
            byte b = bytes[i];
            if (b != '\n' && b != '\r') {
                bytes[kept++] = b;
            }
        }
        size = kept;
    }

    private void require(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(
                    bytes, Math.max(Math.addExact(size, more), (int) Math.min(2L * bytes.length, MAX_CAPACITY)));
        }
    }
}
