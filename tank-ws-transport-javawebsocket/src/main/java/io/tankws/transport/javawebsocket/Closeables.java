package io.tankws.transport.javawebsocket;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.Channel;
import java.time.Duration;

/** Ends channels and threads where a failure to do so helps nobody. */
final class Closeables {
    static final String THREADS = "tank-ws-java-websocket-";

    private Closeables() {}

    static void close(Closeable channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                // It is released either way.
            }
        }
    }

    /** Closes a channel, and returns whether it is closed. Never throws. */
    static boolean isClosed(Channel channel) {
        try {
            channel.close();
        } catch (IOException | RuntimeException | Error e) {
            // The answer says so.
        }
        return !channel.isOpen();
    }

    /** Returns whether the caller is a thread of such a transport, for which a shutdown waits. */
    static boolean isOwnThread() {
        return Thread.currentThread().getName().startsWith(THREADS);
    }

    /** Waits for a thread's end, unless it is the caller itself: a listener may close its own transport. */
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
