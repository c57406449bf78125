package io.tankws.core.session;

import io.tankws.core.flow.ReadSwitch;
import io.tankws.spi.support.FailureLog;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gate that keeps the input of one client in order while a command of the client has not completed, such as a
 * subscription that the topic authorizer decides on. The socket is not read until the completion. Input that was read
 * before, at most one read buffer, waits here.
 *
 * <p>The thread of the transport closes the gate with a command. The thread that completes the command handles the
 * waiting input and opens the gate. At most one thread handles input at any time.
 */
final class InputGate {
    private static final Logger LOG = LoggerFactory.getLogger("io.tankws");
    private static final FailureLog FAILURES = new FailureLog(LOG::error);

    /** Input that waits for its turn. */
    private interface Input {
        /** Handles the input. Returns {@code false} if a command has begun, which continues with the rest later. */
        boolean handle();
    }

    private final InboundHandler handler;
    private final ReadSwitch reading;

    private final Queue<Input> waiting = new ArrayDeque<>(4);
    /** True if input must wait, because of a command or because a thread handles earlier input. */
    private boolean closed;

    InputGate(InboundHandler handler, ReadSwitch reading) {
        this.handler = handler;
        this.reading = reading;
    }

    /** Queues input if earlier input waits. Returns {@code false} if the caller may handle it at once. */
    synchronized boolean holds(Runnable input) {
        if (closed) {
            waiting.add(() -> {
                input.run();
                return true;
            });
        }
        return closed;
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /**
     * Runs a command after the earlier input of the client. Later input waits for its completion.
     *
     * @param command starts the command; its stage may be {@code null} if it has completed. The result does not matter
     */
    void run(Supplier<? extends @Nullable CompletionStage<?>> command) {
        synchronized (this) {
            waiting.add(() -> begin(command));
            if (closed) {
                return;
            }
            closed = true;
        }
        handleWaiting();
    }

    private boolean begin(Supplier<? extends @Nullable CompletionStage<?>> command) {
        CompletionStage<?> stage = command.get();
        if (stage == null) {
            return true;
        }
        // The second of the two to arrive continues, so that many completed stages need no deep stack.
        AtomicBoolean arrived = new AtomicBoolean();
        synchronized (this) {
            reading.request(ReadSwitch.Reason.DECISION, true);
        }
        stage.whenComplete((result, failure) -> {
            if (!arrived.compareAndSet(false, true)) {
                handleWaiting();
            }
        });
        if (!arrived.compareAndSet(false, true)) {
            return true;
        }
        handler.flushReplies();
        reading.apply();
        return false;
    }

    /** Handles waiting input up to the next command that does not complete, and opens the gate after the last. */
    private void handleWaiting() {
        while (true) {
            Input next;
            synchronized (this) {
                next = waiting.poll();
            }
            if (next == null) {
                if (opens()) {
                    return;
                }
            } else if (!handles(next)) {
                return;
            }
        }
    }

    private boolean handles(Input next) {
        try {
            return next.handle();
        } catch (RuntimeException | Error e) {
            // The gate must not stay closed.
            FAILURES.report("input of a client was lost", e);
            return true;
        }
    }

    /** Opens the gate unless further input has come. */
    private boolean opens() {
        handler.flushInput();
        synchronized (this) {
            if (!waiting.isEmpty()) {
                return false;
            }
            closed = false;
            reading.request(ReadSwitch.Reason.DECISION, false);
        }
        reading.apply();
        return true;
    }
}
