package io.tankws.transport.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.CloseStatus;
import io.tankws.ListenException;
import io.tankws.ServerLimits;
import io.tankws.spi.Transport;
import io.tankws.spi.TransportConfig;
import io.tankws.spi.TransportHandshake;
import io.tankws.spi.TransportProvider;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LifecycleTest extends TransportTestBase {
    private static Transport transport(String host, int port) {
        return new JettyTransportProvider().create(TransportConfig.of(host, port));
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("tank-ws-jetty")
                        || thread.getName().startsWith("Scheduler")
                        || thread.getName().contains("Jetty"))
                .count();
    }

    private static boolean refusesConnections(InetSocketAddress address) {
        try (Socket socket = new Socket()) {
            socket.connect(address, 5000);
            return false;
        } catch (IOException e) {
            return e instanceof ConnectException;
        }
    }

    @Test
    void providerIsDeclaredForModulePathAndClassPath() throws Exception {
        Module module = JettyTransportProvider.class.getModule();
        String name = JettyTransportProvider.class.getName();
        try (InputStream services =
                module.getResourceAsStream("META-INF/services/" + TransportProvider.class.getName())) {
            assertEquals(name, new String(services.readAllBytes(), StandardCharsets.UTF_8).strip());
        }
        assertTrue(module.getDescriptor().provides().stream()
                .anyMatch(provided -> provided.service().equals(TransportProvider.class.getName())
                        && provided.providers().contains(name)));
        assertEquals("jetty", new JettyTransportProvider().name());
    }

    @Test
    void closeSends1001AndWaitsForTheReply() throws Exception {
        start();
        try (RawClient client = RawClient.open(transport.address())) {
            listener.connection();
            CompletableFuture<Void> closed = CompletableFuture.runAsync(() -> transport.close(Duration.ofSeconds(30)));
            assertEquals(1001, client.read().closeCode());
            await(() -> refusesConnections(transport.address()));
            assertTrue(!closed.isDone());
            client.send(RawClient.close(1001));
            closed.get(20, TimeUnit.SECONDS);
            assertEquals(1001, listener.closeStatus().code());
        }
    }

    @Test
    void closeAbortsSilentPeersAndFreesPortAndThreads() throws Exception {
        await(() -> threads() == 0);
        InetSocketAddress address = start();
        assertTrue(threads() > 0);
        try (RawClient client = RawClient.open(address);
                RawClient half = new RawClient(address)) {
            half.send("GET /ws HT");
            listener.connection();
            transport.close(Duration.ofMillis(100));
            assertTrue(listener.closed.isDone());
            assertEquals(CloseStatus.ABNORMAL, listener.closeStatus());
            await(() -> threads() == 0);
            assertEquals(1001, client.read().closeCode());
            assertTrue(client.isCut());
            Transport next = transport("127.0.0.1", address.getPort());
            next.start();
            assertEquals(address, next.address());
            assertTrue(exchange(address, RawClient.upgrade("/ws")).startsWith("HTTP/1.1 404 "));
            next.close(Duration.ZERO);
        }
        transport.close(Duration.ZERO);
    }

    @Test
    void handlersMayBeAddedAndReplacedWhileItRuns() throws Exception {
        InetSocketAddress address = start();
        transport.handle("/later", handshake -> handshake.refuse(new io.tankws.Refusal(418, "a")));
        assertTrue(exchange(address, RawClient.upgrade("/later")).startsWith("HTTP/1.1 418 "));
        transport.handle("/later", handshake -> handshake.refuse(new io.tankws.Refusal(419, "b")));
        assertTrue(exchange(address, RawClient.upgrade("/later")).startsWith("HTTP/1.1 419 "));
    }

    @Test
    void busyPortIsNamedAndNoThreadRemains() throws Exception {
        await(() -> threads() == 0);
        InetSocketAddress address = start();
        Transport second = transport("127.0.0.1", address.getPort());
        ListenException e = assertThrows(ListenException.class, second::start);
        assertTrue(e.getMessage().contains("127.0.0.1:" + address.getPort()), e.getMessage());
        second.close(Duration.ZERO);
        transport.close(Duration.ZERO);
        await(() -> threads() == 0);
    }

    @Test
    void unknownHostIsNamed() {
        Transport unknown = transport("host.invalid", 0);
        ListenException e = assertThrows(ListenException.class, unknown::start);
        assertTrue(e.getMessage().contains("host.invalid:0"), e.getMessage());
    }

    @Test
    void addressIsKnownFromTheStartOn() {
        Transport fresh = transport("127.0.0.1", 0);
        assertThrows(IllegalStateException.class, fresh::address);
        fresh.start();
        assertTrue(fresh.address().getPort() > 0);
        fresh.close(Duration.ZERO);
        assertThrows(IllegalStateException.class, fresh::start);
    }

    @Test
    void theLongestTimeoutsAreTaken() throws Exception {
        Duration year = Duration.ofDays(365);
        ServerLimits limits = ServerLimits.builder()
                .handshakeTimeout(year)
                .authenticationTimeout(year)
                .build();
        start(accepting(PLAIN), limits);
        transport.close(ChronoUnit.FOREVER.getDuration());
        assertTrue(refusesConnections(transport.address()));
    }

    @Test
    void neverStartedTransportCloses() {
        transport("127.0.0.1", 0).close(Duration.ofSeconds(1));
    }

    @Test
    void aListenerMayCloseItsTransport() throws Exception {
        CompletableFuture<Void> returned = new CompletableFuture<>();
        RecordingListener closing = new RecordingListener() {
            @Override
            public void onText(ByteBuffer utf8) {
                transport.close(Duration.ofMinutes(10));
                returned.complete(null);
            }
        };
        start(handshake -> ((TransportHandshake) handshake).accept(PLAIN, closing));
        try (RawClient client = RawClient.open(transport.address())) {
            client.send(RawClient.frame(0x81, "x"));
            returned.get(10, TimeUnit.SECONDS);
            assertEquals(1001, client.read().closeCode());
            client.send(RawClient.close(1001));
            CompletableFuture.runAsync(() -> transport.close(Duration.ofMinutes(10)))
                    .get(10, TimeUnit.SECONDS);
            assertTrue(closing.closed.isDone());
        }
    }
}
