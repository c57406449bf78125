package io.tankws.core.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.CloseStatus;
import io.tankws.ManagerLimits;
import io.tankws.Message;
import io.tankws.WebSocketServer;
import io.tankws.core.manager.ManagerContext;
import io.tankws.core.manager.ManagerLifecycle;
import io.tankws.core.outbox.MessageBatch;
import io.tankws.core.routing.TopicIndex;
import io.tankws.core.support.FakeConnection;
import io.tankws.core.support.ManagerContexts;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Connections whose close or abort throws, and ends of sessions that fail half-way. No other session is affected. */
class FailingConnectionTest {
    private static final InetSocketAddress ADDRESS = InetSocketAddress.createUnresolved("192.0.2.1", 1);

    private final ManagerContext context = ManagerContexts.newContext();
    private final FakeConnection good = new FakeConnection();

    private final FakeConnection bad = new FakeConnection() {
        @Override
        public void close(CloseStatus status) {
            throw new InternalError("of this test");
        }

        @Override
        public void abort() {
            throw new InternalError("of this test");
        }
    };

    @Test
    void aCloseThatThrowsEndsNoWalk() {
        ClientSession closing = ManagerContexts.open(context, "bad", bad);
        closing.subscribe("t");
        ManagerContexts.open(context, "good", good).subscribe("t");
        closing.outbox.close(CloseStatus.NORMAL);
        context.router.publish("t", MessageBatch.of(Message.text("message")), this);
        assertEquals(List.of("message"), good.written());
    }

    @Test
    void aShutdownStopsTheServerThoughConnectionsThrow() {
        ManagerContexts.open(context, "bad", bad);
        ManagerContexts.open(context, "good", good);
        AtomicBoolean stopped = new AtomicBoolean();
        WebSocketServer server = (WebSocketServer) Proxy.newProxyInstance(
                WebSocketServer.class.getClassLoader(),
                new Class<?>[] {WebSocketServer.class},
                (proxy, method, arguments) -> {
                    stopped.set(stopped.get() || method.getName().equals("stop"));
                    return null;
                });
        Housekeeper housekeeper = new Housekeeper(
                "test", context.registry, context.config.clientLimits(), Duration.ofSeconds(10), List.of());
        ManagerLifecycle lifecycle = new ManagerLifecycle("test", context, housekeeper);
        lifecycle.server(server);
        lifecycle.start();
        lifecycle.shutdown(Duration.ZERO);
        assertTrue(stopped.get());
        assertEquals(List.of(CloseStatus.GOING_AWAY), good.closes);
        assertTrue(good.aborts > 0);
    }

    /** The permits of clients must be released, and a shutdown must not wait for a session that has ended. */
    @Test
    void aSessionWhoseEndFailsHalfWayLeavesTheRegistry() throws InterruptedException {
        context.topics.watch(new TopicIndex.InterestListener() {
            @Override
            public void subscribing(String topic, boolean hasHistory) {}

            @Override
            public Optional<Runnable> unsubscribed(String topic) {
                throw new InternalError("of this test");
            }
        });
        ClientSession session = ManagerContexts.open(context, "good", good);
        session.subscribe("t");
        try {
            session.inboundHandler.onClose(CloseStatus.NORMAL);
        } catch (InternalError planted) {
            // The transport logs the failure.
        }
        assertEquals(0, context.registry.size());
        assertEquals(1, context.counters.closed.sum());
    }

    /** The transport ends a connection whose opening fails. Its permit would never be free again otherwise. */
    @Test
    void aSessionWhoseOpeningFailsReleasesItsPermit() {
        SessionContext failing = (SessionContext) Proxy.newProxyInstance(
                SessionContext.class.getClassLoader(),
                new Class<?>[] {SessionContext.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("outboxes")) {
                        throw new OutOfMemoryError("of this test");
                    }
                    return method.invoke(context, arguments);
                });
        ManagerLimits oneConnection = ManagerLimits.builder().maxConnections(1).build();
        ConnectionQuota quota = new ConnectionQuota(user -> 0, user -> List.of());
        ConnectionQuota.Permit permit = quota.newPermit(ADDRESS);
        assertEquals(Optional.empty(), permit.acquire(oneConnection));
        ClientSession session = ManagerContexts.session(failing, 1, "user", permit);
        assertThrows(OutOfMemoryError.class, () -> session.inboundHandler.onOpen(good));
        session.inboundHandler.onClose(CloseStatus.NORMAL);
        assertEquals(Optional.empty(), quota.newPermit(ADDRESS).acquire(oneConnection));
        assertEquals(0, context.counters.closed.sum());
    }
}
