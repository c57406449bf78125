package io.tankws.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.testkit.Fault.End;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultProxyTest {
    private ServerSocket listener;
    private FaultProxy proxy;
    private Socket client;
    private Socket server;

    @BeforeEach
    void listen() throws IOException {
        listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        proxy = new FaultProxy((InetSocketAddress) listener.getLocalSocketAddress());
    }

    @AfterEach
    void end() throws IOException {
        proxy.close();
        for (Socket socket : new Socket[] {client, server}) {
            if (socket != null) {
                socket.close();
            }
        }
        listener.close();
    }

    private void connect() throws IOException {
        client = new Socket(proxy.address().getAddress(), proxy.address().getPort());
        server = listener.accept();
        client.setSoTimeout(10_000);
        server.setSoTimeout(10_000);
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }

    private void passesBothWays(int count) throws IOException {
        client.getOutputStream().write(bytes(count));
        assertArrayEquals(bytes(count), server.getInputStream().readNBytes(count));
        server.getOutputStream().write(bytes(count));
        assertArrayEquals(bytes(count), client.getInputStream().readNBytes(count));
    }

    private static void assertSilent(Socket socket) throws IOException {
        socket.setSoTimeout(100);
        assertThrows(SocketTimeoutException.class, () -> socket.getInputStream().read());
        socket.setSoTimeout(10_000);
    }

    @Test
    void passesAllWithoutAFault() throws IOException {
        connect();
        passesBothWays(100_000);
        client.shutdownOutput();
        assertEquals(-1, server.getInputStream().read());
        server.getOutputStream().write(7);
        assertEquals(7, client.getInputStream().read());
        server.close();
        assertEquals(-1, client.getInputStream().read());
    }

    @Test
    void slowsDownButLosesNothing() throws IOException {
        proxy.upstream(Fault.slices(1)).downstream(Fault.rate(64 * 1024));
        connect();
        passesBothWays(2000);
        proxy.upstream(Fault.delay(Duration.ofMillis(200)));
        long start = System.nanoTime();
        client.getOutputStream().write(1);
        assertEquals(1, server.getInputStream().read());
        assertTrue(System.nanoTime() - start >= 195_000_000);
    }

    @Test
    void cutsAfterExactlySoManyBytes() throws IOException {
        proxy.upstream(Fault.after(10, End.CLOSE));
        connect();
        client.getOutputStream().write(bytes(30));
        assertArrayEquals(
                java.util.Arrays.copyOf(bytes(30), 10), server.getInputStream().readAllBytes());
    }

    @Test
    void cutsBeforeTheFirstByte() throws IOException {
        proxy.upstream(Fault.after(0, End.CLOSE));
        connect();
        assertEquals(-1, server.getInputStream().read());
        assertEquals(-1, client.getInputStream().read());
    }

    @Test
    void resets() throws IOException {
        connect();
        passesBothWays(10);
        proxy.downstream(Fault.after(0, End.RESET));
        assertThrows(SocketException.class, () -> client.getInputStream().read());
        assertThrows(SocketException.class, () -> server.getInputStream().read());
    }

    @Test
    void closesOneHalf() throws IOException {
        proxy.upstream(Fault.after(3, End.HALF_CLOSE));
        connect();
        client.getOutputStream().write(bytes(100_000));
        assertEquals(3, server.getInputStream().readAllBytes().length);
        server.getOutputStream().write(bytes(100_000));
        assertArrayEquals(bytes(100_000), client.getInputStream().readNBytes(100_000));
    }

    @Test
    void swallowsInSilence() throws IOException {
        connect();
        passesBothWays(10);
        proxy.upstream(Fault.after(0, End.BLACK_HOLE)).downstream(Fault.after(0, End.BLACK_HOLE));
        client.getOutputStream().write(bytes(1_000_000));
        server.getOutputStream().write(bytes(1_000_000));
        assertSilent(client);
        assertSilent(server);
        client.close();
        assertSilent(server);
    }

    @Test
    void choosesTheSameForTheSameSeed() {
        LongStream.range(0, 100).forEach(seed -> assertEquals(Fault.random(seed, 99), Fault.random(seed, 99)));
        long kinds = LongStream.range(0, 100)
                .mapToObj(seed -> Fault.random(seed, 99).end())
                .distinct()
                .count();
        assertEquals(End.values().length, kinds);
    }

    @Test
    void endsWithAllItsThreads() throws IOException {
        connect();
        proxy.close();
        assertThrows(
                IOException.class,
                () -> new Socket(proxy.address().getAddress(), proxy.address().getPort()));
        assertEquals(
                0,
                Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> thread.getName().equals("fault-proxy"))
                        .count());
    }
}
