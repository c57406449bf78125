package io.tankws.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tankws.CloseStatus;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ends of sessions that fail half-way: all others go on. */
@Timeout(60)
class FailingConnectionTest {
    private final Engine engine = Engines.engine();
    private final FakeConnection good = new FakeConnection();

    /** The places of clients must not be lost, and a shutdown must not wait for a session that has ended. */
    @Test
    void aSessionWhoseEndFailsHalfWayLeavesTheRegistry() throws InterruptedException {
        engine.topics.watch(new TopicIndex.Watcher() {
            @Override
            public void subscribing(String topic) {}

            @Override
            public Optional<Runnable> unsubscribed(String topic) {
                throw new InternalError("of this test");
            }
        });
        ClientSession session = Engines.open(engine, "good", good);
        session.subscribe("t");
        try {
            session.receiver.onClose(CloseStatus.NORMAL);
        } catch (InternalError planted) {
            // The transport logs it.
        }
        assertEquals(0, engine.registry.size());
        assertEquals(1, engine.counters.closed.sum());
    }
}
