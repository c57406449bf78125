package io.tankws.core.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.CloseStatus;
import io.tankws.ConnectionEvent;
import io.tankws.ManagerLimits;
import io.tankws.Message;
import io.tankws.core.session.ClientSession;
import io.tankws.core.support.FakeConnection;
import io.tankws.core.support.FakeHandshake;
import io.tankws.core.support.ManagerContexts;
import io.tankws.core.support.Shortage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Message handlers and event subscribers still run after a time in which no thread could be started. */
class CallbackShortageTest {
    private final Shortage shortage = new Shortage().begin();
    private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

    private DefaultManager manager() {
        return ManagerContexts.manager(
                ManagerLimits.defaults(),
                (client, message) -> seen.add(((Message.Text) message).text()),
                null,
                shortage);
    }

    private static ClientSession connect(DefaultManager manager) throws InterruptedException {
        FakeHandshake handshake = new FakeHandshake("/ws");
        manager.handleConnection(handshake);
        handshake.listener().onOpen(new FakeConnection());
        return (ClientSession) manager.clients().get(0);
    }

    private static void receive(ClientSession session, String text) {
        session.inboundHandler.onText(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        session.inboundHandler.onReadComplete();
    }

    @Test
    void messagesAreHandledOnceThereAreThreads() throws InterruptedException {
        try (DefaultManager manager = manager()) {
            ClientSession session = connect(manager);
            receive(session, "first");
            receive(session, "second");
            assertTrue(shortage.failures() > 0);
            shortage.end();
            assertEquals("first", seen.poll(10, TimeUnit.SECONDS));
            assertEquals("second", seen.poll(10, TimeUnit.SECONDS));
            receive(session, "third");
            assertEquals("third", seen.poll(10, TimeUnit.SECONDS));
            session.closed(CloseStatus.NORMAL);
        }
    }

    @Test
    void subscribersGetTheirEventsOnceThereAreThreads() throws InterruptedException {
        try (DefaultManager manager = manager()) {
            manager.connectionEvents().subscribe(new Flow.Subscriber<>() {
                @Override
                public void onSubscribe(Flow.Subscription subscription) {
                    subscription.request(Long.MAX_VALUE);
                }

                @Override
                public void onNext(ConnectionEvent event) {
                    seen.add(event.getClass().getSimpleName());
                }

                @Override
                public void onError(Throwable cause) {
                    seen.add(cause.toString());
                }

                @Override
                public void onComplete() {
                    seen.add("complete");
                }
            });
            ClientSession session = connect(manager);
            assertTrue(shortage.failures() > 0);
            shortage.end();
            assertEquals("Connected", seen.poll(10, TimeUnit.SECONDS));
            session.closed(CloseStatus.NORMAL);
            assertEquals("Disconnected", seen.poll(10, TimeUnit.SECONDS));
        }
        assertEquals("complete", seen.poll(10, TimeUnit.SECONDS));
    }
}
