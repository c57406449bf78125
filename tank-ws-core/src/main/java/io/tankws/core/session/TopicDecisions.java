package io.tankws.core.session;

import io.tankws.TopicAction;
import io.tankws.TopicRequest;
import io.tankws.core.authorization.TopicAuthorization;
import io.tankws.core.authorization.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/** The pending decisions of the topic authorizer on one client. */
final class TopicDecisions {
    private static final Verdict ENDED = Verdict.denied("the connection has ended");

    private final TopicAuthorization authorization;
    /** Decisions that have not taken effect. */
    private final List<PendingDecision> pending = new ArrayList<>(1);
    /** True if the connection ends, so that no further decision begins. */
    private boolean ended;

    TopicDecisions(TopicAuthorization authorization) {
        this.authorization = authorization;
    }

    /**
     * Asks for a decision.
     *
     * @param effect takes the first verdict, on the thread that brings it; on this thread if there can be no call. It
     *     must not throw, and returns the action that follows the effect
     */
    void ask(TopicRequest request, BiFunction<PendingDecision, Verdict, Runnable> effect) {
        PendingDecision next = new PendingDecision(this, authorization, request, effect);
        synchronized (this) {
            pending.add(next);
        }
        Verdict refusal = isEnded() ? ENDED : next.call.start();
        if (refusal != null) {
            next.decide(refusal);
        } else if (isEnded()) {
            // The end may have come before the call has started.
            next.decide(ENDED);
            next.call.cancel();
        }
    }

    private synchronized boolean isEnded() {
        return ended;
    }

    synchronized int size() {
        return pending.size();
    }

    synchronized boolean take(PendingDecision decision) {
        boolean first = !decision.decided;
        decision.decided = true;
        return first;
    }

    synchronized void remove(PendingDecision decision) {
        pending.remove(decision);
    }

    /** Marks the pending subscriptions to a topic as revoked, and returns them. Called under the session's lock. */
    synchronized List<PendingDecision> revoke(String topic) {
        List<PendingDecision> revoked = pending.stream()
                .filter(decision -> decision.request.action() == TopicAction.SUBSCRIBE
                        && decision.request.topic().equals(topic))
                .toList();
        revoked.forEach(PendingDecision::revoke);
        return revoked;
    }

    /** Gives up the pending decisions and all later ones, because the connection ends. */
    void end() {
        List<PendingDecision> last;
        synchronized (this) {
            ended = true;
            last = List.copyOf(pending);
        }
        last.forEach(TopicDecisions::cancel);
    }

    private static void cancel(PendingDecision decision) {
        if (decision.decide(ENDED)) {
            decision.call.cancel();
        }
    }
}
