package io.tankws.core.cluster;

import io.tankws.BackplaneException;
import io.tankws.core.concurrent.CallbackStage;
import io.tankws.spi.support.RunningTime;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A publish that has not completed. Guarded by the lock of its {@link ClusterPublisher}, except the stage.
 *
 * @param <T> type of the result
 */
final class PendingPublish<T> {
    /**
     * The step that passes a publish to the backplane, under the lock of the publisher.
     *
     * @param <T> type of the result
     */
    interface HandOver<T> {
        CompletionStage<T> run();
    }

    final String channel;
    /** Node message, or {@code null} for a publication that the shared history appends. */
    final byte @Nullable [] message;
    /** Size in bytes, with which the publish counts. */
    final int bytes;

    private final HandOver<T> handOver;
    /** Local delivery that replaces the publish, or {@code null} if there is none. */
    private final @Nullable Supplier<T> localFallback;

    final CallbackStage<T> stage;
    final long createdAt = RunningTime.nanoTime();
    /** Time at which it was admitted, to the backplane or to wait for a subscription. */
    long admittedAt;
    /** True if the backplane has received it, so that it may arrive whatever happens later. */
    boolean handedOver;
    /** True if its stage has completed or is about to complete. */
    boolean done;

    PendingPublish(
            String channel,
            byte @Nullable [] message,
            int bytes,
            HandOver<T> handOver,
            @Nullable Supplier<T> localFallback,
            Executor users) {
        this.channel = channel;
        this.message = message;
        this.bytes = bytes;
        this.handOver = handOver;
        this.localFallback = localFallback;
        stage = new CallbackStage<>(users);
    }

    boolean hasLocalFallback() {
        return localFallback != null;
    }

    /** Delivers to the clients of this node in place of the publish. */
    void deliverLocally() {
        if (localFallback != null) {
            stage.complete(localFallback.get());
        }
    }

    /** Passes the publish to the backplane. Returns an answer that fails if this fails. */
    CompletionStage<T> handOver() {
        handedOver = true;
        try {
            return handOver.run();
        } catch (RuntimeException | Error e) {
            // Later publishes must leave once each, and this one may have left already.
            return CompletableFuture.failedFuture(e);
        }
    }

    BackplaneException timeoutError() {
        return handedOver
                ? new BackplaneException(
                        BackplaneException.Reason.UNCERTAIN, "the backplane did not answer in time", null)
                : new BackplaneException(
                        BackplaneException.Reason.UNREACHABLE, "the backplane did not subscribe in time", null);
    }

    /** Returns whether it is certain that the message was not sent. */
    static <T> boolean isUnreachable(CompletableFuture<T> answer) {
        return answer.isCompletedExceptionally()
                && toBackplaneException(answer.handle((nothing, error) -> error).join())
                                .reason()
                        == BackplaneException.Reason.UNREACHABLE;
    }

    static BackplaneException toBackplaneException(Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        return cause instanceof BackplaneException known
                ? known
                : new BackplaneException(BackplaneException.Reason.UNCERTAIN, "the backplane failed", cause);
    }
}
