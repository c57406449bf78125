package io.tankws.core;

import io.tankws.ConnectionHandler;
import io.tankws.Handshake;
import io.tankws.Limits;
import io.tankws.Refusal;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls what stands behind the paths of one server, apart from the transport's threads: it is user code. */
final class Routes {
    private static final Logger LOG = LoggerFactory.getLogger(Routes.class);
    private static final Refusal FAILED = new Refusal(500, "the server failed");
    private static final Refusal BUSY = new Refusal(503, "too many handshakes at once", Map.of("Retry-After", "1"));
    private static final Refusal STOPPED = new Refusal(503, "the server is not taking connections");

    private final Callbacks callbacks;
    private final int most;
    private final AtomicInteger running = new AtomicInteger();

    Routes(Limits limits) {
        callbacks = new Callbacks("tank-ws-route", limits.callbackThreads());
        most = limits.pendingHandshakes();
    }

    ConnectionHandler apart(ConnectionHandler handler) {
        return handshake -> call(handler, handshake);
    }

    private void call(ConnectionHandler handler, Handshake handshake) {
        if (running.incrementAndGet() > most) {
            running.decrementAndGet();
            handshake.refuse(BUSY);
        } else if (!callbacks.tryExecute(() -> run(handler, handshake))) {
            running.decrementAndGet();
            handshake.refuse(STOPPED);
        }
    }

    private void run(ConnectionHandler handler, Handshake handshake) {
        try {
            handler.handleConnection(handshake);
        } catch (Throwable e) {
            // Only its kind: its text may repeat what a peer sent.
            LOG.error("The handler of a path threw {}", e.getClass().getName());
            refuseUnlessDecided(handshake);
        } finally {
            running.decrementAndGet();
        }
    }

    private static void refuseUnlessDecided(Handshake handshake) {
        try {
            handshake.refuse(FAILED);
        } catch (IllegalStateException decided) {
            LOG.debug("It had decided before");
        }
    }

    /** Interrupts what still runs, and waits for its end at most so long. */
    void end(Duration timeout) {
        callbacks.interrupt();
        callbacks.shutdown(timeout);
    }
}
