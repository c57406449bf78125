package io.tankws.transport.javawebsocket;

import static io.tankws.transport.javawebsocket.RawClient.closePayload;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.ListenException;
import io.tankws.spi.Transport;
import io.tankws.spi.TransportConfig;
import io.tankws.spi.TransportHandshake;
import io.tankws.spi.TransportProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

final class LifecycleTest extends Fixture {
    @Test
    void providerIsFoundByItsName() {
        List<String> names = new ArrayList<>();
        getClass().getModule().addUses(TransportProvider.class);
        ServiceLoader.load(TransportProvider.class).forEach(provider -> names.add(provider.name()));
        assertEquals(List.of("java-websocket"), names);
    }

    @Test
    void addressIsKnownFromTheStartOn() {
        assertThrows(IllegalStateException.class, transport::address);
        accepting();
        assertEquals("127.0.0.1", transport.address().getAddress().getHostAddress());
        assertTrue(transport.address().getPort() > 0);
        assertThrows(IllegalStateException.class, transport::start);
    }

    @Test
    void busyPortIsAnExceptionThatNamesItAndLeavesNoThread() {
        accepting();
        long threads = threads();
        int port = transport.address().getPort();
        Transport second = transport(port);
        ListenException failure = assertThrows(ListenException.class, second::start);
        assertTrue(failure.getMessage().contains("127.0.0.1:" + port), failure.getMessage());
        assertEquals(threads, threads());
        second.close(Duration.ZERO);
    }

    @Test
    void unknownHostIsAnExceptionThatNamesIt() {
        Transport nowhere = new JavaWebSocketTransportProvider()
                .create(TransportConfig.of("no-such-host.invalid", 0).withLimits(limits()));
        ListenException failure = assertThrows(ListenException.class, nowhere::start);
        assertTrue(failure.getMessage().contains("no-such-host.invalid"), failure.getMessage());
    }

    @Test
    void closeSends1001AndWaitsForTheReply() throws Exception {
        accepting();
        try (RawClient client = upgraded()) {
            CompletableFuture<Void> closing = CompletableFuture.runAsync(() -> transport.close(Duration.ofSeconds(20)));
            assertEquals(1001, client.readFrame().closeCode());
            client.sendText("last").sendFrame(0x88, closePayload(1001, ""));
            closing.get(10, TimeUnit.SECONDS);
            recorder.expect("text last", "close 1001 ");
            assertEquals("", client.readAll());
        }
    }

    @Test
    void closeAbortsSilentPeers() throws Exception {
        accepting();
        try (RawClient client = upgraded();
                RawClient silent = client()) {
            await(() -> Listeners.peers(transport) == 2);
            transport.close(Duration.ofMillis(100));
            recorder.expect("close 1006 ");
            assertEquals(1001, client.readFrame().closeCode());
            assertEquals("", client.readAll());
            assertEquals("", silent.readAll());
            assertEquals(0, threads());
        }
    }

    @Test
    void closeWithoutTimeDisconnectsAtOnce() throws Exception {
        accepting();
        try (RawClient client = upgraded()) {
            transport.close(Duration.ZERO);
            assertEquals(1, recorder.closes.get());
            assertEquals(0, threads());
            client.awaitEnd();
        }
    }

    @Test
    void samePortCanBeOpenedAtOnceAgainAndAgain() throws Exception {
        accepting();
        int port = transport.address().getPort();
        try (RawClient client = upgraded()) {
            transport.close(Duration.ZERO);
            client.awaitEnd();
        }
        for (int i = 0; i < 3; i++) {
            Transport next = transport(port);
            Recorder own = new Recorder();
            next.handle(PATH, handshake -> ((TransportHandshake) handshake).accept(acceptance(), own));
            next.start();
            try (RawClient client = new RawClient(next.address()).send(RawClient.request(PATH))) {
                assertTrue(client.readHead().startsWith("HTTP/1.1 101 "));
                own.open();
            } finally {
                next.close(Duration.ZERO);
            }
        }
    }

    @Test
    void pendingHandshakeEndsWithTheTransport() throws Exception {
        CompletableFuture<TransportHandshake> pending = new CompletableFuture<>();
        handling(handshake -> pending.complete((TransportHandshake) handshake));
        try (RawClient client = client().send(RawClient.request(PATH))) {
            TransportHandshake handshake = pending.get(10, TimeUnit.SECONDS);
            transport.close(Duration.ofSeconds(5));
            handshake.accept(acceptance(), recorder);
            recorder.expect("openFailed");
            assertEquals("", client.readAll());
        }
    }

    /** Deadlines continue while the transport closes, also that of a client whose handshake was refused. */
    @Test
    void closeDoesNotWaitForARefusedClientThatNeverEnds() throws Exception {
        accepting();
        try (RawClient client = client().send(RawClient.request("/nothing"))) {
            assertTrue(client.readHead().startsWith("HTTP/1.1 404 "));
            CompletableFuture.runAsync(() -> transport.close(Duration.ofMinutes(10)))
                    .get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void transportThatNeverStartedClosesAndDoesNotStartAgain() {
        transport.close(Duration.ofSeconds(1));
        transport.close(Duration.ofSeconds(1));
        assertThrows(IllegalStateException.class, transport::start);
    }

    @Test
    void listenerMayCloseTheTransport() throws Exception {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Recorder closing = new Recorder() {
            @Override
            public void onText(java.nio.ByteBuffer utf8) {
                transport.close(Duration.ZERO);
                done.complete(null);
            }
        };
        handling(handshake -> ((TransportHandshake) handshake).accept(acceptance(), closing));
        try (RawClient client = client().send(RawClient.request(PATH))) {
            client.readHead();
            client.sendText("stop");
            done.get(20, TimeUnit.SECONDS);
            assertEquals("1006 ", closing.closed());
        }
    }

    @Test
    void closedConnectionsGiveTheirDescriptorsBack() throws Exception {
        Path descriptors = Path.of("/proc/self/fd");
        Assumptions.assumeTrue(Files.isDirectory(descriptors), "no /proc");
        accepting();
        upgraded().close();
        recorder.expect("close 1006 ");
        long before = count(descriptors);
        for (int i = 0; i < 50; i++) {
            RawClient client = upgraded();
            if (i % 2 == 0) {
                client.close();
            } else {
                client.sendFrame(0x88);
                client.readAll();
                client.close();
            }
            assertTrue(recorder.next().startsWith("close 100"));
        }
        await(() -> count(descriptors) <= before + 2);
    }

    private static long count(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aListenerMayCloseItsTransport() throws Exception {
        CompletableFuture<Void> returned = new CompletableFuture<>();
        Recorder closing = new Recorder() {
            @Override
            public void onText(ByteBuffer utf8) {
                transport.close(Duration.ofMinutes(10));
                returned.complete(null);
            }
        };
        handling(handshake -> ((TransportHandshake) handshake).accept(acceptance(), closing));
        try (RawClient client = client().send(RawClient.request(PATH))) {
            assertTrue(client.readHead().startsWith("HTTP/1.1 101 "));
            client.sendText("x");
            returned.get(10, TimeUnit.SECONDS);
            assertEquals(1001, client.readFrame().closeCode());
            client.sendFrame(0x88, closePayload(1001, ""));
            CompletableFuture.runAsync(() -> transport.close(Duration.ofMinutes(10)))
                    .get(10, TimeUnit.SECONDS);
        }
    }
}
