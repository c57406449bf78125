package io.tankws.testkit;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A search for free TCP ports, for servers whose port must be known before they start.
 *
 * <p>The ports are below the range from which systems choose the ports of outgoing connections (RFC 6335 section 6), so
 * that no connection takes a port between the search and the start of the server. Thread-safe.
 */
public final class FreePort {
    /** The lowest port that {@link #find} returns. */
    public static final int MIN_PORT = 12_000;

    /** The highest port that {@link #find} returns. */
    public static final int MAX_PORT = 31_999;

    private static final int MAX_ATTEMPTS = 1_000;

    private FreePort() {}

    /**
     * Returns a random port on which no socket listens.
     *
     * @return a port from {@link #MIN_PORT} to {@link #MAX_PORT}
     * @throws IllegalStateException if 1000 ports are in use
     */
    public static int find() {
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(MIN_PORT, MAX_PORT + 1);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException(MAX_ATTEMPTS + " ports from " + MIN_PORT + " to " + MAX_PORT + " are in use");
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port)) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
