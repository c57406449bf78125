package io.tankws.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.testkit.Fault.End;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bytes that pass a fault proxy keep their order, and each end arrives after them. */
class FaultOrderTest {
    private static final byte[] TEN = "0123456789".getBytes(StandardCharsets.US_ASCII);

    private EchoSocket echo;
    private FaultProxy proxy;
    private Socket client;

    @BeforeEach
    void connect() throws IOException {
        echo = new EchoSocket();
        proxy = new FaultProxy(echo.address());
    }

    @AfterEach
    void closeAll() throws IOException {
        if (client != null) {
            client.close();
        }
        proxy.close();
        echo.close();
    }

    private EchoSocket.Visit open() throws IOException {
        client = new Socket(proxy.address().getAddress(), proxy.address().getPort());
        client.setSoTimeout((int) Await.timeout().toMillis());
        return echo.visit(0);
    }

    private void write(byte[] bytes) throws IOException {
        client.getOutputStream().write(bytes);
    }

    private byte[] read(int count) throws IOException {
        return client.getInputStream().readNBytes(count);
    }

    private void assertTransparent() throws IOException {
        write(TEN);
        assertArrayEquals(TEN, read(TEN.length));
    }

    private void assertReset() {
        assertThrows(SocketException.class, () -> client.getInputStream().readAllBytes());
    }

    private void assertSilent() throws IOException {
        client.setSoTimeout(200);
        assertThrows(SocketTimeoutException.class, () -> client.getInputStream().read());
    }

    @Test
    void withoutFaultsEverythingPasses() throws IOException {
        EchoSocket.Visit visit = open();
        byte[] much = new byte[300_000];
        for (int i = 0; i < much.length; i++) {
            much[i] = (byte) (i * 31 >>> 3);
        }
        Thread writer = new Thread(() -> {
            try {
                write(much);
                client.shutdownOutput();
            } catch (IOException e) {
                // The reader below sees it.
            }
        });
        writer.start();
        assertArrayEquals(much, client.getInputStream().readAllBytes());
        Await.until("the end", () -> visit.end().equals("eof"));
        Await.until("nothing is held", () -> proxy.connections() == 0);
    }

    @Test
    void aResetPasses() throws IOException {
        EchoSocket.Visit visit = open();
        assertTransparent();
        client.setSoLinger(true, 0);
        client.close();
        Await.until("the reset", () -> visit.end().equals("reset"));
        Await.until("nothing is held", () -> proxy.connections() == 0);
    }

    @Test
    void aResetDoesNotOvertakeEarlierBytes() throws IOException {
        proxy.upstream(Fault.delay(Duration.ofMillis(200)));
        EchoSocket.Visit visit = open();
        write(TEN);
        client.setSoLinger(true, 0);
        client.close();
        Await.until("the bytes", () -> visit.bytes() == 10);
        Await.until("the reset", () -> visit.end().equals("reset"));
    }

    @Test
    void delayHoldsBackBothDirectionsByThatTime() throws IOException {
        proxy.upstream(Fault.delay(Duration.ofMillis(100))).downstream(Fault.delay(Duration.ofMillis(100)));
        open();
        long start = System.nanoTime();
        for (int i = 0; i < 10; i++) {
            write(TEN);
        }
        assertEquals(100, read(100).length);
        assertTrue(System.nanoTime() - start >= Duration.ofMillis(200).toNanos());
    }

    @Test
    void slicesArriveOneByOne() throws IOException {
        proxy.upstream(Fault.slices(1));
        EchoSocket.Visit visit = open();
        write(new byte[200]);
        assertEquals(200, read(200).length);
        // A late receiver may find two pieces at once.
        assertTrue(visit.reads().size() > 50, () -> visit.reads().toString());
    }

    @Test
    void aBlackHoleTakesAllAndTellsNothing() throws IOException {
        proxy.upstream(Fault.after(4, End.BLACK_HOLE));
        EchoSocket.Visit visit = open();
        write(TEN);
        assertArrayEquals("0123".getBytes(StandardCharsets.US_ASCII), read(4));
        write(TEN);
        client.shutdownOutput();
        assertSilent();
        assertEquals(4, visit.bytes());
        assertEquals("", visit.end());
    }

    @Test
    void aBlackHoleDownstreamHidesTheEndOfTheServer() throws IOException {
        proxy.downstream(Fault.after(0, End.BLACK_HOLE));
        EchoSocket.Visit visit = open();
        write(TEN);
        Await.until("the bytes", () -> visit.bytes() == 10);
        echo.close();
        assertSilent();
    }

    @Test
    void resetIsSeenByBoth() throws IOException {
        proxy.upstream(Fault.after(5, End.RESET));
        EchoSocket.Visit visit = open();
        write(TEN);
        assertReset();
        Await.until("the server's end", () -> visit.end().equals("reset"));
        assertTrue(visit.bytes() <= 5);
        Await.until("nothing is held", () -> proxy.connections() == 0);
    }

    @Test
    void cutIsAnOrderlyEndForBothAfterExactlyThatManyBytes() throws IOException {
        for (int k = 0; k <= TEN.length; k++) {
            int bytes = k;
            try (FaultProxy cutting = new FaultProxy(echo.address()).upstream(Fault.after(k, End.CLOSE));
                    Socket socket = new Socket(
                            cutting.address().getAddress(), cutting.address().getPort())) {
                socket.setSoTimeout((int) Await.timeout().toMillis());
                EchoSocket.Visit visit = echo.visit(k);
                if (k > 0) {
                    socket.getOutputStream().write(TEN);
                }
                assertTrue(socket.getInputStream().readAllBytes().length <= k);
                Await.until("the end", () -> visit.end().equals("eof"));
                assertEquals(bytes, visit.bytes());
                socket.shutdownOutput();
                Await.until("nothing is held", () -> cutting.connections() == 0);
            }
        }
    }

    @Test
    void aCutConnectionIsClosedEvenIfAPeerDoesNotEndIts() throws IOException {
        open();
        assertTransparent();
        proxy.downstream(Fault.after(0, End.CLOSE));
        assertEquals(-1, client.getInputStream().read());
        Await.until("nothing is held", () -> proxy.connections() == 0);
    }

    @Test
    void faultsCanBeSwitchedOnAnOpenConnection() throws IOException {
        EchoSocket.Visit visit = open();
        assertTransparent();
        proxy.upstream(Fault.after(0, End.BLACK_HOLE));
        write(TEN);
        assertSilent();
        proxy.upstream(Fault.none());
        write(TEN);
        assertArrayEquals(TEN, read(10));
        assertEquals(20, visit.bytes());
        proxy.upstream(Fault.after(0, End.RESET));
        assertReset();
    }

    @Test
    void theEndOfTheProxyIsTheEndOfAllThatItHolds() throws IOException {
        Set<Thread> before = new HashSet<>(Thread.getAllStackTraces().keySet());
        EchoSocket.Visit visit = open();
        assertTransparent();
        proxy.upstream(Fault.delay(Duration.ofMinutes(10)));
        write(TEN);
        proxy.close();
        assertEquals(0, proxy.connections());
        Await.until("the server's end", () -> !visit.end().isEmpty());
        assertFalse(Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread ->
                        !before.contains(thread) && thread.getName().startsWith("fault-proxy") && thread.isAlive()));
        assertThrows(
                IOException.class,
                () -> new Socket(proxy.address().getAddress(), proxy.address().getPort()).close());
    }

    @Test
    void aTargetThatDoesNotListenIsAReset() throws IOException {
        // A socket that is bound and does not listen keeps the port from other programs.
        try (Socket held = new Socket()) {
            held.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            try (FaultProxy proxy = new FaultProxy((InetSocketAddress) held.getLocalSocketAddress())) {
                client =
                        new Socket(proxy.address().getAddress(), proxy.address().getPort());
                client.setSoTimeout((int) Await.timeout().toMillis());
                assertReset();
                Await.until("nothing is held", () -> proxy.connections() == 0);
            }
        }
    }
}
