package io.tankws.benchmarks.cluster;

import io.tankws.testkit.FreePort;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import redis.embedded.RedisServer;

/** A Redis server for one test: the installed one, or the one of embedded-redis if none is installed. */
final class TestRedis implements AutoCloseable {
    private static final long START_NANOS = 20_000_000_000L;

    private final int port;
    private Process process;
    private RedisServer embedded;

    private TestRedis(int port) {
        this.port = port;
    }

    static TestRedis start() throws IOException {
        TestRedis redis = new TestRedis(FreePort.find());
        Optional<Path> program = Stream.of(
                        System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(directory -> Path.of(directory, "redis-server"))
                .filter(Files::isExecutable)
                .findFirst();
        if (program.isEmpty()) {
            redis.embedded = RedisServer.newRedisServer()
                    .port(redis.port)
                    .bind("127.0.0.1")
                    .setting("save \"\"")
                    .build();
            redis.embedded.start();
        } else {
            redis.process = new ProcessBuilder(
                            program.get().toString(), "--port", "" + redis.port, "--bind", "127.0.0.1", "--save", "")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        }
        redis.awaitListening();
        return redis;
    }

    private void awaitListening() {
        long deadline = System.nanoTime() + START_NANOS;
        while (!listens()) {
            if (process != null && !process.isAlive() || System.nanoTime() - deadline > 0) {
                throw new AssertionError("redis-server does not listen");
            }
            Thread.onSpinWait();
        }
    }

    private boolean listens() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    String uri() {
        return "redis://127.0.0.1:" + port;
    }

    @Override
    public void close() throws IOException {
        if (process != null) {
            process.destroyForcibly().onExit().join();
        } else {
            embedded.stop();
        }
    }
}
