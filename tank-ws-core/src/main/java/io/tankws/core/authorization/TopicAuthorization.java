package io.tankws.core.authorization;

import io.tankws.Limits;
import io.tankws.ManagerLimits;
import io.tankws.TopicAuthorizer;
import io.tankws.TopicRequest;
import io.tankws.core.concurrent.CallbackExecutor;
import io.tankws.core.concurrent.TimedUserCalls;
import io.tankws.core.concurrent.UserCallLimits;
import io.tankws.spi.support.RunningTime;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The calls of the topic authorizer of a manager, each with a deadline. Every connection has at most one call for its
 * commands, so waiting calls need no bound of their own.
 */
public final class TopicAuthorization {
    private final TopicAuthorizer authorizer;
    private final TimedUserCalls calls;

    public TopicAuthorization(TopicAuthorizer authorizer, ManagerLimits limits, CallbackExecutor callbacks) {
        this.authorizer = authorizer;
        UserCallLimits bounds = new UserCallLimits(
                limits.authorizationTimeout(), Limits.UNLIMITED, limits.callbackThreads(), limits.maxAbandonedCalls());
        calls = new TimedUserCalls(callbacks, bounds, RunningTime::nanoTime);
    }

    /** A receiver of verdicts. Called by the thread that completes the decision, or by the housekeeper. */
    public interface Receiver {
        /** Takes the first verdict. Returns {@code false} for a later one. Must not throw. */
        boolean decide(Verdict verdict);
    }

    /** One call. */
    public final class Call {
        private final Receiver receiver;
        private final TimedUserCalls.Call call;

        private Call(TopicRequest request, Receiver receiver) {
            this.receiver = receiver;
            call = calls.prepare(running -> ask(request), () -> decide(Verdict.TOO_SLOW));
        }

        /** Starts the call. Returns {@code null}, or the verdict if it cannot start; nothing else is decided then. */
        public @Nullable Verdict start() {
            return switch (call.start()) {
                case BEGUN -> null;
                case TOO_MANY_PENDING, TOO_MANY_ABANDONED -> Verdict.TOO_MANY_CALLS;
                case ENDED -> Verdict.NOT_RUNNING;
            };
        }

        /** Gives up the call. If it has not started to run, it never does. */
        public void cancel() {
            call.cancel();
        }

        private void ask(TopicRequest request) {
            try {
                authorizer
                        .authorize(request)
                        .whenComplete((decision, failure) ->
                                decide(failure == null ? Verdict.of(decision) : Verdict.failed(failure)));
            } catch (Throwable e) {
                decide(Verdict.failed(e));
            }
        }

        private boolean decide(Verdict verdict) {
            call.settle();
            return receiver.decide(verdict);
        }
    }

    public Call prepare(TopicRequest request, Receiver receiver) {
        return new Call(request, receiver);
    }

    /** Ends overdue calls. Called by the housekeeper only. */
    public void check() {
        calls.check(RunningTime.nanoTime());
    }

    public void end(Duration timeout) {
        calls.end(timeout);
    }
}
