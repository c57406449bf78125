package io.tankws.protocol.centrifuge.frame;

import io.tankws.protocol.centrifuge.codec.JsonFieldReader;
import io.tankws.protocol.centrifuge.codec.MalformedMessageException;
import io.tankws.protocol.centrifuge.message.Command;
import java.nio.ByteBuffer;

/** Commands that are separated by newlines. One newline may follow the last command. */
final class JsonFrame implements CommandFrame {
    private final byte[] bytes;
    private final int end;
    private int at;

    /** Opens a message. Jackson reads arrays, so any other message is copied. */
    JsonFrame(ByteBuffer message) {
        int length = message.remaining();
        if (message.hasArray()) {
            bytes = message.array();
            at = message.arrayOffset() + message.position();
        } else {
            bytes = new byte[length];
            message.get(message.position(), bytes);
        }
        end = at + length;
    }

    @Override
    public boolean hasNext() {
        return at < end;
    }

    @Override
    public Command next() throws MalformedMessageException {
        int newline = at;
        while (newline < end && bytes[newline] != '\n') {
            newline++;
        }
        int start = at;
        at = newline + 1;
        return JsonFieldReader.read(bytes, start, newline - start, Command::read);
    }
}
