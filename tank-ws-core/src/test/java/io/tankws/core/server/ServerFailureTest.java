package io.tankws.core.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.ErrorCode;
import io.tankws.HandshakeHandler;
import io.tankws.Manager;
import io.tankws.Refusal;
import io.tankws.WebSocketServer;
import io.tankws.core.TankWs;
import io.tankws.core.support.FakeHandshake;
import io.tankws.spi.Transport;
import io.tankws.spi.TransportConfig;
import io.tankws.spi.TransportProvider;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ServerFailureTest {
    private Consumer<Throwable> failure;
    private HandshakeHandler handled;
    private Runnable closing = () -> {};

    private final TransportProvider provider = new TransportProvider() {
        @Override
        public String name() {
            return "failing";
        }

        @Override
        public Transport create(TransportConfig config) {
            return new Transport() {
                @Override
                public void handle(String path, HandshakeHandler handler) {
                    handled = handler;
                }

                @Override
                public void onFailure(Consumer<Throwable> listener) {
                    failure = listener;
                }

                @Override
                public void start() {}

                @Override
                public InetSocketAddress address() {
                    return InetSocketAddress.createUnresolved("127.0.0.1", 1);
                }

                @Override
                public void close(Duration timeout) {
                    closing.run();
                }
            };
        }
    };

    @Test
    void aServerWhoseTransportFailsEndsItsManagerWithOneError() throws InterruptedException {
        WebSocketServer server = new DefaultWebSocketServer.Builder(provider).start();
        WebSocketServer other = new DefaultWebSocketServer.Builder(provider).start();
        Consumer<Throwable> otherFailure = failure;
        try (Manager manager = TankWs.builder().build().start();
                Manager untouched = TankWs.builder().build().start()) {
            manager.setServer(other);
            untouched.setServer(server);
            assertTrue(server.isRunning());
            otherFailure.accept(new OutOfMemoryError("of this test"));
            assertFalse(other.isRunning());
            while (manager.isRunning()) {
                TimeUnit.MILLISECONDS.sleep(1);
            }
            assertEquals(1, manager.statistics().errors().get(ErrorCode.SERVER_FAILED));
            assertTrue(untouched.isRunning());
            assertTrue(server.isRunning());
        }
    }

    @Test
    void aTransportThatThrowsWhenClosedLeavesNoHandlerRunning() throws InterruptedException {
        WebSocketServer server = new DefaultWebSocketServer.Builder(provider)
                .handle("/x", handshake -> handshake.refuse(Refusal.unauthorized()))
                .start();
        FakeHandshake before = new FakeHandshake("/x");
        handled.handleConnection(before);
        assertEquals(401, before.refusedWith());
        closing = () -> {
            throw new InternalError("of this test");
        };
        assertThrows(InternalError.class, server::close);
        FakeHandshake after = new FakeHandshake("/x");
        handled.handleConnection(after);
        assertEquals(503, after.refusedWith());
    }
}
