package io.tankws.protocol.centrifuge.frame;

import io.tankws.protocol.centrifuge.codec.ByteOutput;
import io.tankws.protocol.centrifuge.codec.JsonFieldWriter;
import io.tankws.protocol.centrifuge.codec.MalformedMessageException;
import io.tankws.protocol.centrifuge.codec.ProtobufFieldWriter;
import io.tankws.protocol.centrifuge.message.Reply;
import java.nio.ByteBuffer;
import java.util.List;

/** The two encodings of the protocol. */
public enum Encoding {
    /** Text messages, in which newlines separate JSON objects. */
    JSON {
        @Override
        public CommandFrame open(ByteBuffer message) throws MalformedMessageException {
            requireContent(message);
            return new JsonFrame(message);
        }

        @Override
        public ByteBuffer encode(List<Reply> replies) {
            ByteOutput out = new ByteOutput();
            JsonFieldWriter writer = new JsonFieldWriter(out);
            for (Reply reply : replies) {
                if (out.size() > 0) {
                    out.separateLine();
                }
                writer.write(reply);
            }
            return out.toBuffer();
        }
    },

    /** Binary messages, in which a length precedes each Protobuf message. */
    PROTOBUF {
        @Override
        public CommandFrame open(ByteBuffer message) throws MalformedMessageException {
            requireContent(message);
            return new ProtobufFrame(message);
        }

        @Override
        public ByteBuffer encode(List<Reply> replies) {
            ByteOutput out = new ByteOutput();
            ProtobufFieldWriter writer = new ProtobufFieldWriter(out);
            for (Reply reply : replies) {
                writer.writeDelimited(reply);
            }
            return out.toBuffer();
        }
    };

    /**
     * Opens a received WebSocket message.
     *
     * @param message not changed, neither its position; the payloads of its commands are views of it, or of a copy
     * @throws MalformedMessageException if the message is empty
     */
    public abstract CommandFrame open(ByteBuffer message) throws MalformedMessageException;

    /**
     * Encodes replies into one WebSocket message.
     *
     * @param replies at least one
     * @return the payload of the message
     */
    public abstract ByteBuffer encode(List<Reply> replies);

    /** Encodes one reply into a WebSocket message of its own. */
    public final ByteBuffer encode(Reply reply) {
        return encode(List.of(reply));
    }

    private static void requireContent(ByteBuffer message) throws MalformedMessageException {
        if (!message.hasRemaining()) {
            throw new MalformedMessageException("a message must not be empty");
        }
    }
}
