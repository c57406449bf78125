package io.tankws.core.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tankws.core.manager.ManagerContext;
import io.tankws.core.support.FakeConnection;
import io.tankws.core.support.ManagerContexts;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The core does not validate a text again that the transport has validated. */
class ReceivedTextTest {
    private static final byte[] NOT_UTF_8 = {'a', (byte) 0xFF};

    private final ManagerContext context = ManagerContexts.newContext();
    private final FakeConnection receiver = new FakeConnection();
    private final ClientSession sender = ManagerContexts.open(context, "sender", new FakeConnection());

    ReceivedTextTest() {
        ManagerContexts.open(context, "receiver", receiver);
    }

    @Test
    void textIsRelayedWithoutAValidation() {
        sender.inboundHandler.onText(ByteBuffer.wrap(NOT_UTF_8));
        sender.inboundHandler.onReadComplete();
        ByteBuffer relayed = receiver.writes.get(0).get(0).payload();
        assertEquals(ByteBuffer.wrap(NOT_UTF_8), relayed);
    }

    @Test
    void binaryMessageThatIsRelayedAsTextIsValidated() {
        sender.inboundHandler.onBinary(ByteBuffer.wrap(NOT_UTF_8));
        sender.inboundHandler.onReadComplete();
        assertEquals(List.of(), receiver.writes);
    }
}
