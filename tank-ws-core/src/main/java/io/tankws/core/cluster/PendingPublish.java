package io.tankws.core.cluster;

import io.tankws.BackplaneException;
import io.tankws.core.concurrent.CallbackStage;
import io.tankws.spi.support.RunningTime;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A publish that has not completed. Guarded by the lock of its {@link ClusterPublisher}, except the stage. */
final class PendingPublish {
    final String channel;
    final byte[] message;
    /** Local delivery that replaces the publish, or {@code null} if there is none. */
    final @Nullable Runnable localFallback;

    final CallbackStage<Void> stage;
    final long createdAt = RunningTime.nanoTime();
    /** Time at which it was admitted, to the backplane or to wait for a subscription. */
    long admittedAt;
    /** True if the backplane has received it, so that it may arrive whatever happens later. */
    boolean handedOver;
    /** True if its stage has completed or is about to complete. */
    boolean done;

    PendingPublish(String channel, byte[] message, @Nullable Runnable localFallback, Executor users) {
        this.channel = channel;
        this.message = message;
        this.localFallback = localFallback;
        stage = new CallbackStage<>(users);
    }

    BackplaneException timeoutError() {
        return handedOver
                ? new BackplaneException(
                        BackplaneException.Reason.UNCERTAIN, "the backplane did not answer in time", null)
                : new BackplaneException(
                        BackplaneException.Reason.UNREACHABLE, "the backplane did not subscribe in time", null);
    }

    /** Returns whether it is certain that the message was not sent. */
    static boolean isUnreachable(CompletableFuture<Void> answer) {
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
