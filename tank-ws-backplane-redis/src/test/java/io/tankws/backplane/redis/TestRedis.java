package io.tankws.backplane.redis;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tankws.testkit.Await;
import io.tankws.testkit.FreePort;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import redis.embedded.core.ExecutableProvider;

/**
 * A real Redis: the {@code redis-server} of the machine, or the embedded one if none is installed.
 */
final class TestRedis implements AutoCloseable {
    private static final Path INSTALLED = installed("redis-server");
    private static final Path VALKEY = installed("valkey-server");
    /** The executable, unpacked once before any test runs. A file that is still being written cannot be executed. */
    private static final Path EXECUTABLE = INSTALLED != null ? INSTALLED : embedded();

    private static final AtomicBoolean TOLD = new AtomicBoolean();
    private static final Pattern VERSION = Pattern.compile("redis_version:((\\d+)\\S*)");

    private final Path executable;
    private final int port;
    private final List<String> settings;
    private final Path directory;
    private Process process;

    private TestRedis(Path executable, int port, List<String> settings) throws IOException {
        this.executable = executable;
        this.port = port;
        this.settings = settings;
        directory = Files.createTempDirectory("tankws-redis");
    }

    /** Starts a server on a free port with lines of {@code redis.conf}. */
    static TestRedis start(String... settings) throws IOException {
        List<String> lines = new ArrayList<>(List.of("save \"\"", "repl-diskless-sync-delay 0"));
        lines.addAll(List.of(settings));
        return start(EXECUTABLE, lines);
    }

    /** Starts the {@code valkey-server} of the machine. Skips the test if none is installed. */
    static TestRedis startValkey() throws IOException {
        assumeTrue(VALKEY != null, "skipped: no valkey-server on the PATH");
        return start(VALKEY, List.of("save \"\""));
    }

    /** Starts a sentinel for one master. */
    static TestRedis startSentinel(int masterPort, String... settings) throws IOException {
        List<String> lines = new ArrayList<>(List.of(
                "sentinel monitor tank 127.0.0.1 " + masterPort + " 1",
                "sentinel down-after-milliseconds tank 500",
                "sentinel failover-timeout tank 2000"));
        lines.addAll(List.of(settings));
        return start(EXECUTABLE, lines);
    }

    private static TestRedis start(Path executable, List<String> settings) throws IOException {
        TestRedis redis = new TestRedis(executable, FreePort.find(), settings);
        redis.startAgain();
        return redis;
    }

    /** Skips the test if no {@code redis-server} of at least a version is installed. */
    static void assumeServer(int major) throws IOException {
        assumeTrue(INSTALLED != null, "skipped: no redis-server on the PATH");
        Process asked = new ProcessBuilder(INSTALLED.toString(), "--version").start();
        String version = new String(asked.getInputStream().readAllBytes());
        Matcher matcher = Pattern.compile("v=(\\d+)").matcher(version);
        assumeTrue(
                matcher.find() && Integer.parseInt(matcher.group(1)) >= major,
                "skipped: needs redis-server " + major + ", found " + version);
    }

    void startAgain() throws IOException {
        List<String> lines = new ArrayList<>(List.of("port " + port, "bind 127.0.0.1", "dir " + directory));
        lines.addAll(settings);
        Path file = Files.write(directory.resolve("redis.conf"), lines);
        List<String> command = new ArrayList<>(List.of(executable.toString(), file.toString()));
        if (settings.get(0).startsWith("sentinel ")) {
            command.add("--sentinel");
        }
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        Await.until("Redis answers", this::answers);
        printVersion();
    }

    private boolean answers() {
        try {
            String answer = String.valueOf(ask("PING"));
            return answer.equals("PONG") || answer.startsWith("-NOAUTH");
        } catch (IOException e) {
            if (!process.isAlive()) {
                throw new AssertionError("redis-server has ended: " + log(), e);
            }
            return false;
        }
    }

    private void printVersion() throws IOException {
        Matcher version = VERSION.matcher(String.valueOf(ask("INFO", "server")));
        if (version.find() && TOLD.compareAndSet(false, true)) {
            System.out.println("Tests run against Redis " + version.group(1) + ", "
                    + (INSTALLED == null ? "brought by embedded-redis" : INSTALLED));
        }
    }

    private String log() {
        try {
            return Files.readString(directory.resolve("log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    int port() {
        return port;
    }

    String uri() {
        return "redis://127.0.0.1:" + port;
    }

    Object ask(String... words) throws IOException {
        try (Resp resp = new Resp(port)) {
            return resp.ask(words);
        }
    }

    /** Returns the reply of a command as text. */
    String text(String... words) {
        try {
            return String.valueOf(ask(words));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Publishes any bytes, as a program that is no node can. */
    void publish(String channel, byte[] message) {
        StringBuilder literal = new StringBuilder();
        for (byte each : message) {
            literal.append('\\').append(String.format("%03d", each & 0xFF));
        }
        text("EVAL", "return redis.call('PUBLISH', ARGV[1], '" + literal + "')", "0", channel);
    }

    /** Kills the process without a shutdown, as a power failure would. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() throws IOException {
        kill();
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        }
    }

    private static Path embedded() {
        try {
            return ExecutableProvider.newJarResourceProvider().get().toPath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path installed(String name) {
        if (Boolean.getBoolean("tankws.redis.embedded")) {
            return null;
        }
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
    }
}
