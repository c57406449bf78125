package io.tankws.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.WebSocketServer;
import io.tankws.core.TankWs;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server process without free file descriptors. One line reports the shortage, and one line reports its end. */
class DescriptorShortageTest {
    private static final int DESCRIPTORS = 256;
    private static final long WAIT_SECONDS = 90;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnabledOnOs({OS.LINUX, OS.MAC})
    @ValueSource(strings = {"jetty", "java-websocket"})
    void itsStartAndItsEndAreReportedInOneLineEach(String transport) throws Exception {
        Path log = directory.resolve("log");
        Process process = start(transport, log);
        List<Socket> held = new ArrayList<>();
        try (BufferedReader said = process.inputReader(StandardCharsets.US_ASCII)) {
            int port = Integer.parseInt(said.readLine());
            // The classes of a test are files, and each takes a descriptor when it is loaded.
            await(log, () -> answers(port));
            await(log, () -> {
                // The backlog holds connections that the server cannot accept.
                if (held.size() < 2 * DESCRIPTORS) {
                    held.add(connect(port));
                }
                return read(log).contains("annot accept") || read(log).contains("Accept Failure");
            });
            // Each of these is a further failure.
            for (int i = 0; i < 3; i++) {
                held.add(connect(port));
                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
            }
            for (Socket socket : held) {
                socket.close();
            }
            await(log, () -> answers(port));
            await(log, () -> read(log).contains("accepted again"));
            List<String> lines = read(log).lines().toList();
            assertEquals(
                    List.of(),
                    lines.stream().filter(line -> line.startsWith("\tat ")).toList());
            long failures =
                    lines.stream().filter(line -> line.contains("annot accept")).count();
            long ends = lines.stream()
                    .filter(line -> line.contains("accepted again"))
                    .count();
            assertTrue(failures >= ends, read(log));
            assertEquals(failures + ends, lines.size(), read(log));
        } finally {
            process.destroyForcibly();
            for (Socket socket : held) {
                socket.close();
            }
        }
    }

    private static Socket connect(int port) {
        try {
            return new Socket(InetAddress.getLoopbackAddress(), port);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static boolean answers(int port) {
        try (Socket socket = connect(port)) {
            socket.setSoTimeout(1000);
            socket.getOutputStream()
                    .write("GET /none HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            return in.read() == 'H';
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return false;
        }
    }

    private static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void await(Path log, BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - end < 0, "the server logged " + read(log));
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    private static Process start(String transport, Path log) throws IOException {
        String path = Stream.of(System.getProperty("jdk.module.path", ""), System.getProperty("java.class.path", ""))
                .filter(each -> !each.isEmpty())
                .reduce((one, other) -> one + File.pathSeparator + other)
                .orElseThrow();
        String java = ProcessHandle.current().info().command().orElseThrow();
        return new ProcessBuilder(
                        "sh",
                        "-c",
                        "ulimit -n " + DESCRIPTORS + "; exec \"$@\"",
                        "sh",
                        java,
                        "-XX:TieredStopAtLevel=1",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                        "-cp",
                        path,
                        Small.class.getName(),
                        transport)
                .redirectError(log.toFile())
                .start();
    }

    /** The process with few descriptors. */
    static final class Small {
        private Small() {}

        /** Prints its port. */
        public static void main(String[] args) {
            WebSocketServer server = TankWs.serve(args[0])
                    .host("127.0.0.1")
                    .port(0)
                    .handle("/ws", TankWs.newInstance())
                    .start();
            System.out.println(server.port());
        }
    }
}
