package io.tankws.spi.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrameHeaderTest {
    private final FrameHeader header = new FrameHeader();

    private static ByteBuffer bytes(int... values) {
        ByteBuffer result = ByteBuffer.allocate(values.length);
        for (int value : values) {
            result.put((byte) value);
        }
        return result.flip();
    }

    @Test
    void readsTheFirstTwoBytes() {
        assertEquals(2, header.read(bytes(0xC1, 0x05), 0));
        assertTrue(header.isComplete());
        assertTrue(header.isFinal());
        assertEquals(4, header.reservedBits());
        assertEquals(1, header.opcode());
        assertFalse(header.isControl());
        assertFalse(header.isMasked());
        assertEquals(5, header.payloadLength());
    }

    @Test
    void readsNothingAfterTheHeader() {
        assertEquals(7, header.read(bytes(0, 0x82, 0x81, 1, 2, 3, 4, 99, 99), 1));
        assertTrue(header.isComplete());
    }

    @Test
    void knowsTheLengthBeforeTheMask() {
        ByteBuffer bytes = bytes(0x82, 0xFE, 0x01, 0x00, 1, 2, 3, 4);
        for (int limit = 1; limit <= 8; limit++) {
            bytes.limit(limit);
            assertEquals(limit, header.read(bytes, limit - 1));
            assertTrue(header.hasBegun());
            assertEquals(limit >= 2, header.hasStart());
            assertEquals(limit >= 4, header.hasLength());
            assertEquals(limit == 8, header.isComplete());
        }
        assertEquals(256, header.payloadLength());
    }

    @Test
    void readsALengthOfEightBytes() {
        header.read(bytes(0x02, 0x7F, 0, 0, 0, 1, 2, 3, 4, 5), 0);
        assertTrue(header.isComplete());
        assertFalse(header.isFinal());
        assertEquals(0x1_0203_0405L, header.payloadLength());
        assertNull(header.lengthFault());
    }

    @Test
    void rotatesTheMask() {
        header.read(bytes(0x82, 0x84, 0xA1, 0xB2, 0xC3, 0xD4), 0);
        assertEquals(0xA1B2C3D4, header.mask(0));
        assertEquals(0xB2C3D4A1, header.mask(1));
        assertEquals(0xD4A1B2C3, header.mask(7));
    }

    @Test
    void readsAnotherHeaderAfterAReset() {
        header.read(bytes(0x82, 0xFF, 0, 0, 0, 0, 0, 1, 2, 3, 9, 9, 9, 9), 0);
        header.reset();
        assertFalse(header.hasBegun());
        assertFalse(header.hasLength());
        header.read(bytes(0x89, 0x80, 0, 0, 0, 7), 0);
        assertEquals(FrameHeader.PING, header.opcode());
        assertTrue(header.isControl());
        assertEquals(0, header.payloadLength());
        assertEquals(7, header.mask(0));
    }

    @ParameterizedTest
    @CsvSource({"0,false", "125,false", "126,true", "127,true"})
    void limitsControlFramesTo125Bytes(int length, boolean isFault) {
        header.read(bytes(0x88, length), 0);
        assertEquals(isFault ? "control frame larger than 125 bytes" : null, header.startFault());
        header.reset();
        header.read(bytes(0x82, length), 0);
        assertNull(header.startFault());
    }

    @ParameterizedTest
    @CsvSource({"126,125,true", "126,126,false", "126,65535,false", "127,65535,true", "127,65536,false", "127,125,true"
    })
    void demandsTheShortestLength(int form, int length, boolean isFault) {
        header.read(bytes(0x82, form), 0);
        ByteBuffer field = ByteBuffer.allocate(form == 126 ? 2 : 8);
        header.read(form == 126 ? field.putShort(0, (short) length) : field.putLong(0, length), 0);
        assertTrue(header.isComplete());
        assertEquals(length, header.payloadLength());
        assertEquals(isFault ? "length in too many bytes" : null, header.lengthFault());
    }

    @Test
    void refusesALengthWithItsTopBitSet() {
        header.read(bytes(0x82, 0x7F, 0x80, 0, 0, 0, 0, 0, 0, 0), 0);
        assertEquals("length with its top bit set", header.lengthFault());
    }

    @Test
    void leavesTheSourceAsItIs() {
        ByteBuffer source = bytes(0x82, 0x05, 1, 2).asReadOnlyBuffer();
        header.read(source, 0);
        assertEquals(0, source.position());
        assertEquals(4, source.limit());
    }
}
