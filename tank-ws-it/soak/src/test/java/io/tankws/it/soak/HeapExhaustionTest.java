package io.tankws.it.soak;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.Manager;
import io.tankws.Message;
import io.tankws.WebSocketServer;
import io.tankws.core.TankWs;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A server process with a full heap serves again when there is memory, or ends visibly. Then its manager does not run
 * and its port refuses connections. The server never stays open without serving.
 */
@Timeout(600)
class HeapExhaustionTest {
    private static final int PEERS = 600;
    private static final int MAX_FAILED_CONNECTIONS = 8;
    private static final int FRAGMENT = 60_000;
    private static final int PATIENCE_MILLIS = 5000;

    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @ValueSource(strings = {"jetty", "java-websocket"})
    void unfinishedMessagesFillTheHeap(String transport) throws Exception {
        try (Child child = new Child(transport)) {
            List<Peer> peers = new ArrayList<>();
            byte[] fragment = fragment();
            int failed = 0;
            while (peers.size() < PEERS && failed < MAX_FAILED_CONNECTIONS) {
                try {
                    Peer peer = new Peer(child.port);
                    peers.add(peer);
                    peer.send(fragment);
                } catch (IOException e) {
                    failed++;
                }
            }
            for (Peer peer : peers) {
                peer.close();
            }
            child.assertServesOrHasEnded();
        }
    }

    /** Three clients send messages, and clients connect and disconnect, while user code holds the whole heap. */
    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @ValueSource(strings = {"jetty", "java-websocket"})
    void userCodeFillsTheHeap(String transport) throws Exception {
        try (Child child = new Child(transport)) {
            Deque<Peer> peers = new ArrayDeque<>();
            Child.await("three peers", () -> child.admits(peers));
            peers.peek().send(RawPeer.frame(1, "fill"));
            child.awaitLine("filled");
            byte[] message = RawPeer.frame(1, "hello");
            for (int i = 0; i < 100; i++) {
                try {
                    for (Peer peer : peers) {
                        peer.send(message);
                    }
                    Peer peer = new Peer(child.port);
                    peers.add(peer);
                    peer.send(message);
                } catch (IOException e) {
                    // There is no memory to serve it.
                }
                if (peers.size() > 10) {
                    peers.remove().close();
                }
                if (child.lines.contains("released")) {
                    break;
                }
            }
            child.awaitLine("released");
            for (Peer peer : peers) {
                peer.close();
            }
            child.assertServesOrHasEnded();
        }
    }

    private static byte[] fragment() {
        ByteBuffer frame = ByteBuffer.allocate(8 + FRAGMENT);
        frame.put((byte) 0x01).put((byte) (0x80 | 126)).putShort((short) FRAGMENT);
        return frame.array();
    }

    private static final class Peer implements AutoCloseable {
        private final Socket socket = new Socket();

        Peer(int port) throws IOException {
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            boolean open = false;
            try {
                socket.setSoTimeout(PATIENCE_MILLIS);
                socket.connect(address, PATIENCE_MILLIS);
                socket.getOutputStream().write(RawPeer.head(address, RawPeer.user(0)));
                open = readUntil("\r\n\r\n").startsWith("HTTP/1.1 101 ");
            } finally {
                if (!open) {
                    socket.close();
                }
            }
            if (!open) {
                throw new IOException("refused");
            }
        }

        void send(byte[] frame) throws IOException {
            socket.getOutputStream().write(frame);
        }

        String readUntil(String end) throws IOException {
            StringBuilder text = new StringBuilder();
            while (text.indexOf(end) < 0) {
                int next = socket.getInputStream().read();
                if (next < 0) {
                    throw new IOException("ended");
                }
                text.append((char) next);
            }
            return text.toString();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static final class Child implements AutoCloseable {
        private final Process process;
        private final List<String> lines = new CopyOnWriteArrayList<>();
        private final int port;

        Child(String transport) throws Exception {
            String path = String.join(
                    File.pathSeparator,
                    Stream.of("jdk.module.path", "java.class.path")
                            .map(name -> System.getProperty(name, ""))
                            .filter(value -> !value.isEmpty())
                            .toList());
            String java = new File(System.getProperty("java.home"), "bin/java").getPath();
            process = new ProcessBuilder(
                            java, "-XX:TieredStopAtLevel=1", "-Xmx40m", "-cp", path, Server.class.getName(), transport)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            BufferedReader said =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
            port = Integer.parseInt(said.readLine());
            CompletableFuture.runAsync(
                    () -> said.lines().forEach(lines::add), task -> new Thread(task, "child-output").start());
        }

        /** Adds a peer, unless this machine is too slow at the moment. */
        boolean admits(Deque<Peer> peers) {
            try {
                peers.add(new Peer(port));
            } catch (IOException e) {
                // The caller tries again.
            }
            return peers.size() == 3;
        }

        void awaitLine(String line) {
            await(line, () -> lines.contains(line));
        }

        void assertServesOrHasEnded() {
            await("a server that serves or has ended", () -> lines.contains("ended") || serves());
            if (lines.contains("ended")) {
                // The selector thread releases the port last.
                await("port that refuses", this::refuses);
            }
            assertTrue(process.isAlive());
        }

        private static void await(String what, BooleanSupplier condition) {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(180);
            while (!condition.getAsBoolean()) {
                assertTrue(System.nanoTime() - end < 0, "no " + what);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
        }

        private boolean refuses() {
            try {
                new Peer(port).close();
                return false;
            } catch (ConnectException e) {
                return true;
            } catch (IOException e) {
                return false;
            }
        }

        /** Returns whether a message reaches one new client from another. */
        private boolean serves() {
            try (Peer reader = new Peer(port);
                    Peer sender = new Peer(port)) {
                // Its greeting follows its registration.
                reader.readUntil("Hello, ");
                sender.readUntil("Hello, ");
                sender.send(RawPeer.frame(1, "over there"));
                reader.readUntil("over there");
                return true;
            } catch (IOException e) {
                return false;
            }
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    /** The process with the small heap. */
    static final class Server {
        private Server() {}

        /** Prints its port, and reports on its output when the heap is full, free again, or the manager ended. */
        public static void main(String[] args) {
            Manager[] own = new Manager[1];
            own[0] = TankWs.builder()
                    .messageHandler((client, message) -> {
                        String text = ((Message.Text) message).text();
                        if (text.equals("fill")) {
                            fill();
                        } else {
                            own[0].broadcastMessage(text);
                        }
                    })
                    .build()
                    .start();
            WebSocketServer server =
                    TankWs.serve(args[0]).port(0).handle("/ws", own[0]).start();
            own[0].setServer(server);
            System.out.println(server.port());
            while (own[0].isRunning()) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            }
            System.out.println("ended");
            LockSupport.park();
        }

        /** Holds all of the heap for four seconds. */
        private static void fill() {
            System.out.println("filled");
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(4);
            Object[] held = new Object[1_000_000];
            int count = 0;
            int size = 1 << 20;
            while (System.nanoTime() - end < 0) {
                try {
                    held[count] = new byte[size];
                    count++;
                } catch (OutOfMemoryError e) {
                    size = Math.max(16, size / 2);
                    LockSupport.parkNanos(100_000);
                }
            }
            held = null;
            System.out.println("released");
        }
    }
}
