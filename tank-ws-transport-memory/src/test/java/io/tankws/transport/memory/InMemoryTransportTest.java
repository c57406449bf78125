package io.tankws.transport.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.CloseStatus;
import io.tankws.ListenException;
import io.tankws.spi.Transport;
import io.tankws.spi.TransportProvider;
import io.tankws.transport.memory.InMemoryPeer.Event;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class InMemoryTransportTest extends InMemoryCase {
    @Test
    void providerIsFoundByItsName() {
        // On the module path the test is part of a module that declares no use of the service.
        getClass().getModule().addUses(TransportProvider.class);
        List<String> names = ServiceLoader.load(
                        TransportProvider.class, getClass().getClassLoader())
                .stream()
                .map(found -> found.get().name())
                .toList();
        assertEquals(List.of("in-memory"), names);
    }

    @Test
    void addressIsThatOfALoopbackPort() {
        InetSocketAddress address = start(handshake -> {});
        assertTrue(address.getAddress().isLoopbackAddress());
        assertTrue(address.getPort() >= 49152, address::toString);
        Transport other = newTransport(0);
        assertThrows(IllegalStateException.class, other::address);
        other.start();
        assertNotEquals(address, other.address());
        other.close(Duration.ZERO);
    }

    @Test
    void portIsBoundOnce() {
        InetSocketAddress address = start(handshake -> {});
        Transport second = newTransport(address.getPort());
        ListenException thrown = assertThrows(ListenException.class, second::start);
        assertTrue(thrown.getMessage().contains("127.0.0.1:" + address.getPort()), thrown.getMessage());
        second.close(Duration.ZERO);
        transport.close(Duration.ZERO);
        Transport third = newTransport(address.getPort());
        third.start();
        assertEquals(address, third.address());
        assertThrows(IllegalStateException.class, third::start);
        third.close(Duration.ZERO);
    }

    @Test
    void closeWithoutStartOrTwiceDoesNothing() {
        Transport never = newTransport(0);
        never.close(LONG);
        assertThrows(IllegalStateException.class, never::start);
        start(handshake -> {});
        transport.close(LONG);
        transport.close(LONG);
    }

    @Test
    void closeAsksPeersToCloseAndWaitsForThem() throws Exception {
        InMemoryPeer peer = open();
        CompletableFuture<Void> closing = CompletableFuture.runAsync(() -> transport.close(LONG));
        assertEquals(new Event.Closed(CloseStatus.GOING_AWAY, true), receive(peer));
        peer.sendClose(CloseStatus.GOING_AWAY);
        closing.get(5, TimeUnit.SECONDS);
        assertEquals(CloseStatus.GOING_AWAY, listener.closed.getNow(null));
    }

    @Test
    void closeDisconnectsSilentPeersAndLeavesNoThread() throws Exception {
        InMemoryPeer silent = open();
        String prefix = "tank-ws-in-memory-" + transport.address().getPort() + "-";
        assertTrue(threads(prefix) > 0);
        transport.close(Duration.ofMillis(50));
        assertEquals(CloseStatus.ABNORMAL, listener.closed.getNow(null));
        assertEquals(new Event.Closed(CloseStatus.GOING_AWAY, true), receive(silent));
        // A worker that has left its pool still takes a moment to end.
        await(() -> threads(prefix) == 0);
    }

    private static long threads(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(prefix))
                .count();
    }

    @Test
    void listenerIsCalledOneCallAtATime() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        CompletableFuture<Void> overlapped = new CompletableFuture<>();
        RecordingListener serial = new RecordingListener() {
            @Override
            public void onText(ByteBuffer utf8) {
                if (inside.incrementAndGet() != 1) {
                    overlapped.complete(null);
                }
                Thread.yield();
                inside.decrementAndGet();
                super.onText(utf8);
            }
        };
        InetSocketAddress address = start(handshake -> accept(handshake, serial));
        InMemoryPeer peer = InMemoryPeer.connect(address, upgrade("/ws").build(), LONG);
        for (int i = 0; i < 2000; i++) {
            send(peer, String.valueOf(i));
        }
        for (int i = 0; i < 2000; i++) {
            assertEquals("text " + i, serial.message());
        }
        assertFalse(overlapped.isDone(), "two calls at once");
    }

    @Test
    void everyConnectionOpensAndClosesOnceInAnyMixOfEnds() throws Exception {
        Queue<RecordingListener> listeners = new ConcurrentLinkedQueue<>();
        InetSocketAddress address = start(handshake -> {
            RecordingListener each = new RecordingListener();
            listeners.add(each);
            accept(handshake, each);
        });
        ExecutorService clients = Executors.newFixedThreadPool(4);
        CountDownLatch go = new CountDownLatch(1);
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            int kind = i % 5;
            all.add(clients.submit(() -> churn(address, kind, go, listeners)));
        }
        go.countDown();
        for (Future<?> each : all) {
            each.get(10, TimeUnit.SECONDS);
        }
        clients.shutdown();
        transport.close(Duration.ofMillis(20));
        assertEquals(400, listeners.size());
        for (RecordingListener each : listeners) {
            List<String> calls = List.copyOf(each.calls);
            assertTrue(calls.get(0).startsWith("open"), calls::toString);
            assertEquals(
                    1, calls.stream().filter(call -> call.startsWith("close ")).count(), calls::toString);
            assertTrue(calls.get(calls.size() - 1).startsWith("close "), calls::toString);
        }
    }

    private static Void churn(
            InetSocketAddress address, int kind, CountDownLatch go, Queue<RecordingListener> listeners)
            throws Exception {
        go.await();
        InMemoryPeer peer = InMemoryPeer.connect(address, upgrade("/ws").build(), LONG);
        try {
            send(peer, "hello");
            switch (kind) {
                case 0 -> peer.disconnect();
                case 1 -> peer.sendClose(CloseStatus.NORMAL);
                case 2 -> peer.send(3, true, new byte[0]);
                case 3 -> {
                    List<RecordingListener> known = new ArrayList<>(listeners);
                    known.get(ThreadLocalRandom.current().nextInt(known.size()))
                            .connection()
                            .abort();
                }
                default -> {
                    peer.sendClose(CloseStatus.NORMAL);
                    peer.disconnect();
                }
            }
        } catch (IOException e) {
            // The failure also ends this client.
            assertEquals("the connection is closed", e.getMessage());
        }
        return null;
    }
}
