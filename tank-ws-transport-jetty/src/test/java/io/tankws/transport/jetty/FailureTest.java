package io.tankws.transport.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.CloseStatus;
import io.tankws.ServerLimits;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.junit.jupiter.api.Test;

/** A server that has failed reports its end, and request heads received in part are bounded. */
class FailureTest extends TransportTestBase {
    private static final String PART = "GET /ws HTTP/1.1\r\nX: " + "x".repeat(600);

    private final BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("tank-ws-jetty"))
                .count();
    }

    @Test
    void aFailureEndsTheTransportWithOneReport() throws Exception {
        InetSocketAddress address = start();
        transport.onFailure(failures::add);
        try (RawClient client = RawClient.open(address);
                RawClient half = new RawClient(address)) {
            listener.connection();
            half.send(PART);
            Throwable cause = new OutOfMemoryError("of this test");
            ((JettyTransport) transport).fail(cause);
            ((JettyTransport) transport).fail(new IllegalStateException("one too many"));
            assertSame(cause, failures.poll(20, TimeUnit.SECONDS));
            assertEquals(CloseStatus.ABNORMAL.code(), listener.closeStatus().code());
            assertTrue(half.endsAfterMore());
            assertTrue(client.endsAfterMore());
        }
        assertThrows(ConnectException.class, () -> new RawClient(address).close());
        await(() -> threads() == 0);
        transport.close(Duration.ZERO);
        assertTrue(failures.isEmpty());
    }

    private static final class NoSelectors extends SelectorManager {
        private NoSelectors(ScheduledExecutorScheduler scheduler) {
            super(Runnable::run, scheduler);
        }

        @Override
        protected EndPoint newEndPoint(SelectableChannel channel, ManagedSelector selector, SelectionKey key) {
            throw new AssertionError("accepts nothing");
        }

        @Override
        public Connection newConnection(SelectableChannel channel, EndPoint endPoint, Object attachment) {
            throw new AssertionError("accepts nothing");
        }
    }

    @Test
    void aSelectorThatNoLongerAnswersIsDetected() throws Exception {
        ScheduledExecutorScheduler scheduler = new ScheduledExecutorScheduler("tank-ws-jetty-test", true);
        scheduler.start();
        try {
            // It is never started, so its loop takes no updates, like one that has ended.
            SupervisedSelector dead = new SupervisedSelector(new NoSelectors(scheduler), 0, failures::add);
            // The first round asks.
            for (int i = 0; i <= SupervisedSelector.MAX_ROUNDS; i++) {
                assertFalse(dead.isOverdue());
            }
            assertTrue(dead.isOverdue());
        } finally {
            scheduler.stop();
        }
    }

    /** An error for lack of a thread, in the middle of Jetty's selector, would end that selector. */
    @Test
    void noThreadIsStartedAfterTheStart() throws Exception {
        InetSocketAddress address = start();
        long atStart = threads();
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 200; i++) {
                clients.add(new RawClient(address));
            }
            for (RawClient client : clients) {
                client.send(RawClient.upgrade("/ws"));
            }
            for (RawClient client : clients) {
                assertTrue(client.readHead().startsWith("HTTP/1.1 101 "));
            }
            assertEquals(atStart, threads());
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    @Test
    void partsOfHeadsAreBoundedTogetherAndAWholeHeadIsServedBesideThem() throws Exception {
        InetSocketAddress address = start(
                accepting(PLAIN),
                ServerLimits.builder()
                        .handshakeBytes(1000)
                        .pendingHandshakeBytes(2 * PART.length())
                        .build());
        for (int round = 0; round < 3; round++) {
            List<RawClient> partial = new ArrayList<>();
            try {
                for (int i = 0; i < 2; i++) {
                    RawClient client = new RawClient(address);
                    partial.add(client);
                    client.send(PART);
                }
                // The last of the three is closed.
                RawClient third = new RawClient(address);
                partial.add(third);
                third.send(PART);
                for (RawClient client : partial) {
                    client.socket.setSoTimeout(20);
                }
                await(() -> partial.stream().filter(RawClient::isCut).count() == 1);
                try (RawClient whole = new RawClient(address)) {
                    whole.send(RawClient.upgrade("/ws"));
                    assertTrue(whole.readHead().startsWith("HTTP/1.1 101 "));
                }
            } finally {
                for (RawClient client : partial) {
                    client.close();
                }
            }
            // All bytes have been released: two more heads fit, and are served when they are complete.
            for (int i = 0; i < 2; i++) {
                await(() -> {
                    try (RawClient client = new RawClient(address)) {
                        client.send(PART);
                        client.send("\r\n" + RawClient.upgrade("/ws").substring("GET /ws HTTP/1.1\r\n".length()));
                        return client.readHead().startsWith("HTTP/1.1 101 ");
                    } catch (java.io.IOException e) {
                        return false;
                    }
                });
            }
        }
    }
}
