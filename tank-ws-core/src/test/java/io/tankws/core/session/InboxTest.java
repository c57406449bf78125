package io.tankws.core.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.ErrorCode;
import io.tankws.Message;
import io.tankws.OverflowPolicy;
import io.tankws.core.manager.ManagerContext;
import io.tankws.core.support.FakeConnection;
import io.tankws.core.support.ManagerContexts;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InboxTest {
    private final Semaphore mayHandle = new Semaphore(0);
    private final BlockingQueue<String> handled = new LinkedBlockingQueue<>();
    private final ManagerContext context = ManagerContexts.newContext(
            OverflowPolicy.DISCONNECT,
            (client, message) -> {
                mayHandle.acquire();
                String text = ((Message.Text) message).text();
                handled.add(text);
                if (text.equals("throw")) {
                    throw new AssertionError("on purpose");
                }
            },
            limits -> limits.inboxMessages(4));
    private final FakeConnection connection = new FakeConnection();
    private final ClientSession session = ManagerContexts.open(context, "u", connection);

    private void receive(String text) {
        session.inboundHandler.onText(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    private String next() throws InterruptedException {
        return handled.poll(10, TimeUnit.SECONDS);
    }

    @Test
    void handsOverInOrderAndHoldsTheClientBackMeanwhile() throws InterruptedException {
        IntStream.range(0, 6).forEach(i -> receive("m" + i));
        assertEquals(List.of("pause"), connection.reading);
        assertTrue(session.inboundHandler.isHeldBack());
        mayHandle.release(6);
        for (int i = 0; i < 6; i++) {
            assertEquals("m" + i, next());
        }
        assertEquals(List.of("pause", "resume"), connection.reading);
    }

    @Test
    void aThrowIsReportedAndTheNextMessageComes() throws InterruptedException {
        mayHandle.release(2);
        receive("throw");
        receive("after");
        assertEquals("throw", next());
        assertEquals("after", next());
        assertEquals(1, context.counters.errors().get(ErrorCode.HANDLER_FAILED));
        assertEquals(0, connection.aborts);
    }
}
