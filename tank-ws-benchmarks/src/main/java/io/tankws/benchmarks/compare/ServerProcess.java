package io.tankws.benchmarks.compare;

import io.tankws.benchmarks.load.LoadException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** The process of one server, which listens until it is closed. */
final class ServerProcess implements AutoCloseable {
    private static final long START_NANOS = 30_000_000_000L;
    private static final long LOOK_MILLIS = 50;
    private static final long STOP_SECONDS = 5;
    private static final int MIN_PORT = 12_000;
    private static final int MAX_PORT = 31_999;
    private static final int MAX_PORT_ATTEMPTS = 1_000;

    private final Process process;
    private final int port;
    private final Thread hook;

    private ServerProcess(Process process, int port) {
        this.process = process;
        this.port = port;
        // Without this, a server outlives its starter if the starter is stopped.
        hook = new Thread(process::destroyForcibly, "stop");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /**
     * Starts a server and waits until it listens.
     *
     * @param log the file for the output of the process
     * @throws LoadException if it does not listen in time
     */
    static ServerProcess start(ServerUnderTest underTest, Path log) throws IOException, InterruptedException {
        int port = freePort();
        List<String> command = underTest.command().stream()
                .map(word -> word.replace(ServerUnderTest.PORT, String.valueOf(port)))
                .toList();
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(underTest.environment());
        builder.redirectErrorStream(true).redirectOutput(log.toFile());
        ServerProcess server = new ServerProcess(builder.start(), port);
        try {
            server.awaitListening(underTest.name(), log);
            return server;
        } catch (LoadException | InterruptedException e) {
            server.close();
            throw e;
        }
    }

    private void awaitListening(String name, Path log) throws InterruptedException {
        long deadline = System.nanoTime() + START_NANOS;
        while (!listens()) {
            boolean ended = process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            if (ended || System.nanoTime() - deadline > 0) {
                throw new LoadException(name + " does not listen; " + log + " may say why.");
            }
        }
    }

    private boolean listens() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Returns a free port below the range from which systems choose the ports of outgoing connections (RFC 6335 section
     * 6), so that no connection takes it before the server listens. {@code FreePort} of the test kit does the same, but
     * its module would bring a transport and JUnit onto the path of the servers.
     */
    private static int freePort() {
        for (int attempt = 0; attempt < MAX_PORT_ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(MIN_PORT, MAX_PORT + 1);
            try (ServerSocket socket = new ServerSocket(port)) {
                return socket.getLocalPort();
            } catch (IOException e) {
                // Another program uses this port.
            }
        }
        throw new LoadException(
                "no free port from " + MIN_PORT + " to " + MAX_PORT + " after " + MAX_PORT_ATTEMPTS + " attempts");
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        } catch (IllegalStateException e) {
            // This process ends too, and its shutdown hook runs.
        }
    }
}
