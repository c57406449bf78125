package io.tankws.protocol.centrifuge.frame;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tankws.protocol.centrifuge.codec.MalformedMessageException;
import io.tankws.protocol.centrifuge.message.Command;
import io.tankws.protocol.centrifuge.message.PublishRequest;
import java.nio.ByteBuffer;

/** Any bytes are commands, or are refused with one kind of exception. */
class CommandFuzzTest {
    @FuzzTest(maxDuration = "2m")
    void readsAnyJson(byte[] bytes) {
        read(Encoding.JSON, bytes);
    }

    @FuzzTest(maxDuration = "2m")
    void readsAnyProtobuf(byte[] bytes) {
        read(Encoding.PROTOBUF, bytes);
    }

    private static void read(Encoding encoding, byte[] bytes) {
        int commands = 0;
        try {
            CommandFrame frame = encoding.open(ByteBuffer.wrap(bytes).asReadOnlyBuffer());
            while (frame.hasNext()) {
                Command command = frame.next();
                assertTrue(command.id() >= 0 && command.id() <= 0xFFFF_FFFFL);
                if (command.request() instanceof PublishRequest request && request.data() != null) {
                    assertTrue(request.data().remaining() < bytes.length);
                }
                commands++;
            }
        } catch (MalformedMessageException refused) {
            assertTrue(refused.getMessage().length() < 100, "the text repeats nothing of the message");
        }
        assertTrue(commands <= bytes.length, "each command takes a byte");
    }
}
