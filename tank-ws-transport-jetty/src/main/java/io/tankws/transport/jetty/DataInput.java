package io.tankws.transport.jetty;

import io.tankws.spi.ProtocolException;
import io.tankws.spi.support.MessageAssembler;
import java.nio.ByteBuffer;

/** The data frames of a client, in the pieces that Jetty makes of them. */
class DataInput {
    final MessageAssembler assembler;

    DataInput(MessageAssembler assembler) {
        this.assembler = assembler;
    }

    /**
     * Takes a piece.
     *
     * @param opcode 0 for all pieces of a message but the first
     * @param compressed whether the RSV1 bit is set
     * @param last whether the message ends with this piece
     */
    void take(int opcode, boolean compressed, ByteBuffer payload, boolean last) throws ProtocolException {
        assembler.beginFrame(opcode, payload.remaining());
        assembler.payload(payload, last);
    }
}
