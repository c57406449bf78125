package io.tankws.core.session;

import io.tankws.core.flow.FlowControl;
import io.tankws.core.flow.PacedSender;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The pacing of the publications of one client. While outboxes of other clients are filled, its publications wait. The
 * command that has published has not completed then, so that the socket of the client is not read.
 */
final class ProtocolPacing extends PacedSender {
    private final ClientSession session;
    private final FlowControl flow;
    /** Waiting publications, or {@code null} before the first. Guarded by this object. */
    private @Nullable ArrayDeque<Runnable> held;

    ProtocolPacing(ClientSession session) {
        this.session = session;
        flow = session.context.flow();
    }

    /** Publishes now, or when the flow control permits it. */
    <T> CompletionStage<T> send(int bytes, Supplier<CompletionStage<T>> publication) {
        boolean isFree = flow.admits(this, 1, bytes);
        CompletableFuture<T> result = hold(isFree, publication);
        return result == null ? publication.get() : result;
    }

    /**
     * Holds a publication, unless it may be sent now.
     *
     * @return the future result, or {@code null} if the caller must publish
     */
    private <T> @Nullable CompletableFuture<T> hold(boolean isFree, Supplier<CompletionStage<T>> publication) {
        CompletableFuture<T> result;
        boolean waits;
        synchronized (this) {
            waits = held != null && !held.isEmpty();
            if (isFree && !waits) {
                held = null;
                return null;
            }
            result = new CompletableFuture<>();
            held = held == null ? new ArrayDeque<>(2) : held;
            held.add(() -> publish(publication, result));
        }
        if (!waits) {
            flow.await(this);
        }
        return result;
    }

    private static <T> void publish(Supplier<CompletionStage<T>> publication, CompletableFuture<T> result) {
        try {
            publication.get().whenComplete((value, failure) -> {
                if (failure == null) {
                    result.complete(value);
                } else {
                    result.completeExceptionally(failure);
                }
            });
        } catch (RuntimeException | Error e) {
            result.completeExceptionally(e);
        }
    }

    /** Notes that the connection has ended. Waiting publications still get their turn. */
    void close() {
        flow.departed(this);
    }

    @Override
    public boolean takesTurns() {
        return true;
    }

    @Override
    public boolean isHeldBy(FlowControl control) {
        return control.isMuchUnderWay() || control.isAnyFilledBut(session.number());
    }

    @Override
    public void proceed() {
        Runnable next;
        synchronized (this) {
            next = held == null ? null : held.peek();
        }
        try {
            if (next != null) {
                next.run();
            }
        } finally {
            boolean more;
            synchronized (this) {
                if (held != null) {
                    held.poll();
                }
                more = held != null && !held.isEmpty();
            }
            if (more) {
                flow.await(this);
            }
        }
    }
}
