package io.tankws.it.cluster;

import io.tankws.testkit.Await;
import io.tankws.testkit.FreePort;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import redis.embedded.core.ExecutableProvider;

/** A Redis server for one test: {@code redis-server} if it is installed, else the server of a test library. */
final class TestRedis implements AutoCloseable {
    private static final AtomicBoolean REPORTED = new AtomicBoolean();
    /** The executable, unpacked before any test runs, because a file that is still written cannot be executed. */
    private static final String EXECUTABLE = executable();

    private final int port = FreePort.find();
    /** Directory of the server. A replica writes the data of its master there, which a later start would load. */
    private final Path directory = createDirectory();

    private Process process;

    TestRedis() {
        start();
    }

    /** Starts the server without data, on the same port each time. */
    void start() {
        try {
            Files.deleteIfExists(directory.resolve("dump.rdb"));
            process = new ProcessBuilder(
                            EXECUTABLE, "--port", "" + port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no")
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            Await.until("Redis", () -> command("PING").contains("PONG"));
            if (REPORTED.compareAndSet(false, true)) {
                System.out.println("Redis " + version() + " by " + EXECUTABLE);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path createDirectory() {
        try {
            return Files.createTempDirectory("tank-ws-redis");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String executable() {
        return Arrays.stream(
                        Optional.ofNullable(System.getenv("PATH")).orElse("").split(File.pathSeparator))
                .map(directory -> Path.of(directory, "redis-server"))
                .filter(Files::isExecutable)
                .findFirst()
                .map(Path::toString)
                .orElseGet(TestRedis::embedded);
    }

    private static String embedded() {
        try {
            return ExecutableProvider.newJarResourceProvider().get().getPath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String version() {
        return info("redis_version").orElse("of an unknown version");
    }

    int uptimeSeconds() {
        return info("uptime_in_seconds").map(Integer::valueOf).orElse(0);
    }

    private Optional<String> info(String field) {
        return command("INFO server")
                .lines()
                .filter(line -> line.startsWith(field + ":"))
                .map(line -> line.substring(field.length() + 1).strip())
                .findFirst();
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    String uri() {
        return "redis://127.0.0.1:" + port;
    }

    /** Sends one command and returns the first bytes of the reply, or an empty text if the server is not reachable. */
    String command(String words) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write((words + "\r\n").getBytes(StandardCharsets.UTF_8));
            byte[] answer = new byte[8192];
            int read = socket.getInputStream().read(answer);
            return read < 0 ? "" : new String(answer, 0, read, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    /** Stops the process with a signal. Connections stay open, so no client notices. */
    void pause() {
        signal("-STOP");
    }

    void resume() {
        signal("-CONT");
    }

    private void signal(String signal) {
        try {
            int status = new ProcessBuilder("kill", signal, "" + process.pid())
                    .start()
                    .waitFor();
            if (status != 0) {
                throw new IllegalStateException("kill " + signal + " says " + status);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Kills the process, as a crash does. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    @Override
    public void close() {
        kill();
        try {
            Files.deleteIfExists(directory.resolve("dump.rdb"));
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
