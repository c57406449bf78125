package io.tankws.core.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Map;

/** Each input is a command or a message, and no input makes the protocol throw. */
class PlainProtocolFuzzTest {
    private final PlainProtocol protocol = new PlainProtocol();

    @FuzzTest(maxDuration = "2m")
    void parsesAnything(byte[] bytes) {
        ByteBuffer text = ByteBuffer.wrap(bytes).asReadOnlyBuffer();
        PlainProtocol.Command command = protocol.parse(text);
        assertNotNull(command.kind());
        assertEquals(bytes.length, text.remaining());
    }

    @FuzzTest(maxDuration = "2m")
    void wrapsAnything(FuzzedDataProvider data) throws CharacterCodingException {
        String topic = data.consumeString(50);
        String text = data.consumeRemainingAsString();
        ByteBuffer payload = protocol.envelope(topic, text).frame().payload();
        byte[] envelope = new byte[payload.remaining()];
        payload.get(envelope);
        assertEquals(Map.of("topic", topic, "data", text), StrictJson.object(envelope));
    }
}
