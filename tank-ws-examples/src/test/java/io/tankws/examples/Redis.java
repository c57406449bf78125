package io.tankws.examples;

import io.tankws.testkit.FreePort;
import java.io.File;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import redis.embedded.RedisServer;

/** A Redis for one test: the program of this machine if there is one, else the one that embedded-redis brings. */
final class Redis implements AutoCloseable {
    private static final int WAIT_SECONDS = 60;

    private final int port;
    private Process process;
    private RedisServer embedded;

    Redis() throws Exception {
        port = FreePort.find();
        Optional<Path> program = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(directory -> Path.of(directory, "redis-server"))
                .filter(Files::isExecutable)
                .findFirst();
        if (program.isEmpty()) {
            embedded = RedisServer.newRedisServer()
                    .port(port)
                    .bind("127.0.0.1")
                    .setting("save \"\"")
                    .build();
            embedded.start();
            return;
        }
        process = new ProcessBuilder(program.get().toString(), "--port", "" + port, "--bind", "127.0.0.1", "--save", "")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        Await.until("Redis answers", this::answers);
    }

    private boolean answers() {
        if (!process.isAlive()) {
            throw new AssertionError("redis-server ended with status " + process.exitValue());
        }
        try (Socket socket = new Socket("127.0.0.1", port)) {
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
        if (embedded != null) {
            embedded.stop();
        } else {
            process.destroy();
            process.onExit().orTimeout(WAIT_SECONDS, TimeUnit.SECONDS).join();
        }
    }
}
