package io.tankws.core.cluster;

import io.tankws.BackplaneException;
import io.tankws.core.concurrent.CallbackStage;
import io.tankws.spi.support.RunningTime;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/** A letter on its way out. Its {@link ClusterPublisher}' lock guards it, but for the stage. */
final class PendingPublish {
    final String channel;
    final byte[] letter;
    /** What is done instead where the letter can go nowhere; {@code null} for nothing. */
    final Runnable atHome;

    final CallbackStage<Void> stage;
    final long at = RunningTime.nanoTime();
    /** When it was let through, to the backplane or to wait for a subscription. */
    long admitted;
    /** Whether the backplane has got it, so that it may arrive whatever else happens. */
    boolean left;
    /** Whether its stage has completed, or will in a moment. */
    boolean over;

    PendingPublish(String channel, byte[] letter, Runnable atHome, Executor users) {
        this.channel = channel;
        this.letter = letter;
        this.atHome = atHome;
        stage = new CallbackStage<>(users);
    }

    BackplaneException late() {
        return left
                ? new BackplaneException(
                        BackplaneException.Reason.UNCERTAIN, "the backplane did not answer in time", null)
                : new BackplaneException(
                        BackplaneException.Reason.UNREACHABLE, "the backplane did not subscribe in time", null);
    }

    /** Whether it is known already, and for certain, that nothing has been sent. */
    static boolean isUnreachable(CompletableFuture<Void> answer) {
        return answer.isCompletedExceptionally()
                && named(answer.handle((nothing, error) -> error).join()).reason()
                        == BackplaneException.Reason.UNREACHABLE;
    }

    static BackplaneException named(Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        return cause instanceof BackplaneException ours
                ? ours
                : new BackplaneException(BackplaneException.Reason.UNCERTAIN, "the backplane failed", cause);
    }
}
