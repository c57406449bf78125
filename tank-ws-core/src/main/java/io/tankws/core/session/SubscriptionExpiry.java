package io.tankws.core.session;

import io.tankws.TopicAction;
import io.tankws.TopicDecision;
import io.tankws.TopicRequest;
import io.tankws.core.authorization.TopicAuthorization;
import io.tankws.core.authorization.Verdict;
import io.tankws.core.routing.SubscriptionTerms;
import io.tankws.core.routing.TopicSubscription;
import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The subscriptions whose permission expires. When that time has come, the topic authorizer is asked again. The number
 * of entries is bounded by the number of subscriptions.
 */
public final class SubscriptionExpiry {
    private final TopicAuthorization authorization;
    private final ClientRegistry registry;
    private final int maxRequests;
    private volatile boolean allExpire;
    private final AtomicLong permissions = new AtomicLong();
    private final AtomicInteger requests = new AtomicInteger();
    /** Subscriptions by the end of their permission. An entry is removed before its terms change. */
    private final ConcurrentSkipListSet<TopicSubscription> byExpiry =
            new ConcurrentSkipListSet<>(Comparator.<TopicSubscription, Instant>comparing(
                            subscription -> subscription.expiresAt().orElseThrow())
                    .thenComparing(subscription ->
                            Objects.requireNonNull(subscription.terms()).number()));

    /**
     * Creates an empty set.
     *
     * @param maxRequests maximum number of requests at the same time; further subscriptions wait and continue
     */
    public SubscriptionExpiry(TopicAuthorization authorization, ClientRegistry registry, int maxRequests) {
        this.authorization = authorization;
        this.registry = registry;
        this.maxRequests = maxRequests;
    }

    /** Attaches a permission to a subscription, instead of its earlier one. Called under the lock of the session. */
    void attach(TopicSubscription subscription, TopicDecision.Allowed permission) {
        remove(subscription);
        subscription.terms(new SubscriptionTerms(permission, permissions.incrementAndGet()));
        if (permission.expiresAt().isPresent()) {
            byExpiry.add(subscription);
        }
    }

    /** Forgets a subscription that ends. Called under the lock of the session. */
    void remove(TopicSubscription subscription) {
        if (subscription.expiresAt().isPresent()) {
            byExpiry.remove(subscription);
        }
    }

    /** Lets all permissions expire, so that the topic authorizer is asked again in the housekeeper's next rounds. */
    public void expireAll() {
        allExpire = true;
    }

    /** Lets the permission of a subscription expire now, if it has one. Called under the lock of the session. */
    void expire(TopicSubscription subscription, Instant now) {
        SubscriptionTerms terms = subscription.terms();
        if (terms != null) {
            attach(subscription, terms.permission().withExpiry(now));
        }
    }

    /** Asks for subscriptions whose permission has expired. Called by the housekeeper only. */
    public void check() {
        Instant now = Instant.now();
        if (allExpire) {
            allExpire = false;
            for (ClientSession session : registry.sessions()) {
                session.expirePermissions(this, now);
            }
        }
        for (TopicSubscription next : byExpiry) {
            if (requests.get() >= maxRequests || now.isBefore(next.expiresAt().orElseThrow())) {
                return;
            }
            if (byExpiry.remove(next)) {
                askAgain(next);
            }
        }
    }

    private void askAgain(TopicSubscription subscription) {
        requests.incrementAndGet();
        ClientSession session = (ClientSession) subscription.client();
        AtomicBoolean decided = new AtomicBoolean();
        TopicAuthorization.Receiver receiver = verdict -> {
            boolean first = decided.compareAndSet(false, true);
            if (first) {
                requests.decrementAndGet();
                session.renew(subscription, verdict);
            }
            return first;
        };
        TopicRequest request = new TopicRequest(session, TopicAction.SUBSCRIBE, subscription.topic());
        Verdict refusal = authorization.prepare(request, receiver).start();
        if (refusal != null) {
            receiver.decide(refusal);
        }
    }
}
