package io.tankws.transport.javawebsocket;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.Channel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The end of channels and threads, for callers that cannot handle a failure. */
final class Closeables {
    /** The start of the name of each thread of this transport. */
    static final String THREADS = "tank-ws-java-websocket-";

    private Closeables() {}

    static void close(@Nullable Closeable channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                // The channel is released in any case.
            }
        }
    }

    /** Closes a channel, and returns whether it is closed. Never throws. */
    static boolean isClosed(Channel channel) {
        try {
            channel.close();
        } catch (IOException | RuntimeException | Error e) {
            // The result shows whether the channel is closed.
        }
        return !channel.isOpen();
    }

    /** Returns whether the caller is a thread of this transport, for which a shutdown waits. */
    static boolean isOwnThread() {
        return Thread.currentThread().getName().startsWith(THREADS);
    }

    /** Waits for the end of a thread, unless it is the caller's: a listener may close its own transport. */
    static void join(Thread thread, Duration timeout) {
        if (thread == null || thread == Thread.currentThread()) {
            return;
        }
        try {
            thread.join(Math.max(1, timeout.toMillis()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
