package io.tankws.transport.jetty;

import io.tankws.CloseStatus;
import io.tankws.spi.ProtocolException;
import io.tankws.spi.support.MessageAssembler;
import java.nio.ByteBuffer;

/** Inflates the compressed messages among those of a client (RFC 7692 section 6.2). */
final class InflatingInput extends DataInput {
    private final MessageInflater inflater;
    private boolean inflating;
    /** The opcode of the next chunk of the message. */
    private int next;

    InflatingInput(MessageAssembler assembler, MessageInflater inflater) {
        super(assembler);
        this.inflater = inflater;
    }

    @Override
    void take(int opcode, boolean compressed, ByteBuffer payload, boolean last) throws ProtocolException {
        if (opcode != 0) {
            inflating = compressed;
            next = opcode;
        } else if (compressed) {
            throw new ProtocolException(CloseStatus.PROTOCOL_ERROR, "reserved bit set in a continuation");
        }
        if (inflating) {
            inflater.inflate(payload, last, this::takeInflated);
        } else {
            super.take(opcode, false, payload, last);
        }
    }

    private void takeInflated(ByteBuffer chunk, boolean last) throws ProtocolException {
        super.take(next, false, chunk, last);
        next = 0;
    }
}
