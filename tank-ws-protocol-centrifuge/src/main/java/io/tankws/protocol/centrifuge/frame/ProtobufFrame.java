package io.tankws.protocol.centrifuge.frame;

import io.tankws.protocol.centrifuge.codec.MalformedMessageException;
import io.tankws.protocol.centrifuge.codec.ProtobufFieldReader;
import io.tankws.protocol.centrifuge.message.Command;
import java.nio.ByteBuffer;

/** Commands that are preceded by their length. */
final class ProtobufFrame implements CommandFrame {
    private final ByteBuffer in;

    ProtobufFrame(ByteBuffer message) {
        in = message.duplicate();
    }

    @Override
    public boolean hasNext() {
        return in.hasRemaining();
    }

    @Override
    public Command next() throws MalformedMessageException {
        return ProtobufFieldReader.readDelimited(in, Command::read);
    }
}
