package io.tankws.core.manager;

import io.tankws.ErrorCode;
import io.tankws.WebSocketServer;
import io.tankws.core.concurrent.CallbackExecutor;
import io.tankws.core.concurrent.Deadlines;
import io.tankws.core.server.DefaultWebSocketServer;
import io.tankws.core.session.Housekeeper;
import io.tankws.spi.support.MemoryShortage;
import io.tankws.spi.support.RunningTime;
import io.tankws.spi.support.Termination;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The lifecycle of a manager: one start and one shutdown. */
public final class ManagerLifecycle {
    private enum State {
        NEW,
        RUNNING,
        SHUT_DOWN
    }

    private final String name;
    private final ManagerContext context;
    private final Housekeeper housekeeper;
    private final Termination termination = new Termination();
    /** Created in advance, because there may be no memory when it is needed. */
    private final Runnable shutdownAtOnce = () -> shutdown(Duration.ZERO);

    private volatile State state = State.NEW;
    private volatile long startedAt;
    /** Server that this manager stops, or {@code null} if none is set. */
    private @Nullable WebSocketServer server;

    public ManagerLifecycle(String name, ManagerContext context, Housekeeper housekeeper) {
        this.name = name;
        this.context = context;
        this.housekeeper = housekeeper;
    }

    public void start() {
        if (tryStart()) {
            // The lock is released, so that a shutdown need not wait.
            context.cluster.awaitConnection();
        }
    }

    private synchronized boolean tryStart() {
        if (state == State.SHUT_DOWN) {
            throw new IllegalStateException(name + " has been shut down; make a new manager");
        }
        if (state == State.RUNNING) {
            return false;
        }
        startedAt = System.nanoTime();
        housekeeper.start();
        try {
            // The node starts before the first session, so that it misses no subscription.
            context.cluster.start();
            state = State.RUNNING;
        } finally {
            if (state != State.RUNNING) {
                housekeeper.stop();
            }
        }
        return true;
    }

    /** Ends a manager whose server has failed, because no client can reach it. Called by the housekeeper only. */
    void check() {
        Throwable failure;
        synchronized (this) {
            failure = state == State.RUNNING && server instanceof DefaultWebSocketServer ours ? ours.failure() : null;
        }
        if (failure != null) {
            context.events.error(ErrorCode.SERVER_FAILED, "the server failed; the manager shuts down", null, failure);
            MemoryShortage.outlast(shutdownAtOnce);
        }
    }

    public boolean isRunning() {
        return state == State.RUNNING;
    }

    Duration uptime() {
        return state == State.NEW ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - startedAt);
    }

    public synchronized void server(WebSocketServer server) {
        this.server = server;
    }

    public void shutdown(Duration timeout) {
        long deadline = RunningTime.nanoTime() + Deadlines.clamp(timeout).toNanos();
        begin();
        termination.run(CallbackExecutor.mayWait(), name + "-shutdown", () -> end(deadline));
    }

    /** Runs the shutdown. Called again if it fails for lack of memory. */
    private void end(long deadline) {
        try {
            endConnections(deadline);
        } finally {
            try {
                context.terminate(RunningTime.until(deadline));
            } finally {
                housekeeper.stop();
                context.deadlines.close();
            }
        }
    }

    private void endConnections(long deadline) {
        try {
            closeGracefully(deadline);
        } finally {
            stopServer(deadline);
        }
    }

    private synchronized void begin() {
        state = State.SHUT_DOWN;
    }

    /** Waits. An interrupt shortens the shutdown and does not leave it incomplete. */
    private void closeGracefully(long deadline) {
        context.shutdown.closeAll();
        boolean interrupted = false;
        try {
            context.registry.awaitEmpty(RunningTime.until(deadline));
        } catch (InterruptedException e) {
            interrupted = true;
        }
        context.shutdown.abortAll();
        try {
            context.registry.awaitEmpty(ManagerContext.ABORT_GRACE);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void stopServer(long deadline) {
        WebSocketServer stopping;
        synchronized (this) {
            stopping = server;
        }
        if (stopping != null) {
            stopping.stop(RunningTime.until(deadline));
        }
    }
}
