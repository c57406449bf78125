package io.tankws.core.session;

import io.tankws.TopicRequest;
import io.tankws.core.authorization.TopicAuthorization;
import io.tankws.core.authorization.Verdict;
import java.util.function.BiFunction;

/** A request of a client that waits for the decision of the topic authorizer. */
final class PendingDecision implements TopicAuthorization.Receiver {
    private final TopicDecisions owner;
    final TopicRequest request;
    final TopicAuthorization.Call call;
    private final BiFunction<PendingDecision, Verdict, Runnable> effect;
    /** True if the first verdict has come. Guarded by the owner. */
    boolean decided;
    /** True if no verdict may become a subscription any more. Guarded by the lock of the session. */
    private boolean revoked;

    PendingDecision(
            TopicDecisions owner,
            TopicAuthorization authorization,
            TopicRequest request,
            BiFunction<PendingDecision, Verdict, Runnable> effect) {
        this.owner = owner;
        this.request = request;
        this.effect = effect;
        call = authorization.prepare(request, this);
    }

    /** Returns whether the subscription was revoked. Called under the lock of the session. */
    boolean isRevoked() {
        return revoked;
    }

    /** Prevents the subscription. Called under the lock of the session. */
    void revoke() {
        revoked = true;
    }

    @Override
    public boolean decide(Verdict verdict) {
        if (!owner.take(this)) {
            return false;
        }
        Runnable next;
        try {
            next = effect.apply(this, verdict);
        } finally {
            owner.remove(this);
        }
        next.run();
        return true;
    }
}
