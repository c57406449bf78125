package io.tankws.transport.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.CloseStatus;
import io.tankws.Frame;
import io.tankws.spi.Connection;
import io.tankws.spi.TransportHandshake;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ChurnTest extends TransportTestBase {
    private static final int THREADS = 6;
    private static final int CONNECTIONS = 60;
    private static final Frame FRAME = Frame.of(Frame.Opcode.BINARY, ByteBuffer.allocate(20_000));

    private final Queue<RecordingListener> listeners = new ConcurrentLinkedQueue<>();
    private final AtomicInteger writes = new AtomicInteger();
    private final AtomicInteger callbacks = new AtomicInteger();

    /** Ends a connection in one of several ways, by either side, during traffic. */
    private final class Restless extends RecordingListener {
        private final int kind;
        private volatile Connection connection;

        Restless(int kind) {
            this.kind = kind;
        }

        @Override
        public void onOpen(Connection connection) {
            this.connection = connection;
            super.onOpen(connection);
            write();
        }

        private void write() {
            writes.incrementAndGet();
            TransportTestBase.write(connection, Collections.nCopies(20, FRAME), failure -> callbacks.incrementAndGet());
        }

        @Override
        public void onText(ByteBuffer utf8) {
            super.onText(utf8);
            switch (kind) {
                case 0 -> connection.close(CloseStatus.TRY_AGAIN_LATER.withReason("enough"));
                case 1 -> connection.abort();
                case 2 -> new Thread(connection::abort).start();
                case 3 -> connection.pauseReading();
                default -> {}
            }
        }
    }

    private Void client(InetSocketAddress address, long seed) throws Exception {
        Random random = new Random(seed);
        for (int i = 0; i < CONNECTIONS; i++) {
            try (RawClient client = RawClient.open(address)) {
                client.send(RawClient.frame(0x81, "a"), RawClient.frame(0x81, "b"));
                switch (random.nextInt(4)) {
                    case 0 -> client.send(RawClient.close(1000));
                    case 1 -> client.send(RawClient.header(0x82, 1 << 30));
                    case 2 -> client.socket.setSoLinger(true, 0);
                    default -> client.socket.shutdownOutput();
                }
                if (random.nextBoolean()) {
                    client.socket.setSoTimeout(200);
                    client.endsAfterMore();
                }
            } catch (java.net.SocketException e) {
                assertTrue(e.getMessage().matches("(?i).*(reset|broken pipe|closed).*"), e.getMessage());
            }
        }
        return null;
    }

    @Test
    void everyConnectionOpensAndClosesOnceInAnyMixOfEnds() throws Exception {
        Random random = new Random(7);
        InetSocketAddress address = start(handshake -> {
            RecordingListener restless = new Restless(random.nextInt(6));
            listeners.add(restless);
            ((TransportHandshake) handshake).accept(PLAIN, restless);
        });
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        List<Callable<Void>> clients = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            long seed = i;
            clients.add(() -> client(address, seed));
        }
        for (Future<Void> done : pool.invokeAll(clients)) {
            done.get(30, TimeUnit.SECONDS);
        }
        pool.shutdown();
        transport.close(Duration.ofMillis(500));
        assertEquals(THREADS * CONNECTIONS, listeners.size());
        for (RecordingListener each : listeners) {
            List<String> calls = each.calls;
            if (!calls.equals(List.of("failed"))) {
                assertEquals("open", calls.get(0), calls::toString);
                assertTrue(calls.get(calls.size() - 1).startsWith("close "), calls::toString);
                assertEquals(
                        1,
                        calls.stream().filter(call -> call.startsWith("close")).count(),
                        calls::toString);
            }
        }
        assertEquals(writes.get(), callbacks.get());
    }
}
