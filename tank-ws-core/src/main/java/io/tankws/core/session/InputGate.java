package io.tankws.core.session;

import io.tankws.TopicAction;
import io.tankws.TopicRequest;
import io.tankws.core.authorization.TopicAuthorization;
import io.tankws.core.authorization.Verdict;
import io.tankws.core.flow.ReadSwitch;
import io.tankws.spi.support.FailureLog;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gate that keeps the input of one client in order while the topic authorizer decides on a subscription. The
 * socket is not read until the decision. Input that was read before, at most one read buffer, waits here.
 *
 * <p>The thread of the transport closes the gate with a subscription that needs a decision. The thread that brings the
 * decision handles the waiting input and opens the gate. At most one thread handles input at any time.
 */
final class InputGate {
    private static final Logger LOG = LoggerFactory.getLogger("io.tankws");
    private static final FailureLog FAILURES = new FailureLog(LOG::error);

    /** Input that waits for its turn. */
    private interface Input {
        /** Handles the input. Returns {@code false} if a decision has begun, which continues with the rest later. */
        boolean handle();
    }

    private final InboundHandler handler;
    private final ClientSession session;
    private final TopicAuthorization authorization;
    private final ReadSwitch reading;

    private final Queue<Input> waiting = new ArrayDeque<>(4);
    /** True if input must wait, because of a decision or because a thread handles earlier input. */
    private boolean closed;
    /** Subscription under decision, or {@code null}. It stays until the decision has taken effect. */
    private @Nullable PendingSubscription pending;
    /** True if the connection ends, so that no further subscription begins. */
    private boolean ended;

    InputGate(InboundHandler handler, ClientSession session, TopicAuthorization authorization, ReadSwitch reading) {
        this.handler = handler;
        this.session = session;
        this.authorization = authorization;
        this.reading = reading;
    }

    /** A subscription that waits for the decision of the topic authorizer. */
    final class PendingSubscription implements TopicAuthorization.Receiver {
        private final String topic;
        private final TopicAuthorization.Call call;
        /** True if the first verdict has come. Guarded by the gate. */
        private boolean decided;
        /** True if no verdict may become a subscription any more. Guarded by the lock of the session. */
        private boolean revoked;

        private PendingSubscription(String topic) {
            this.topic = topic;
            call = authorization.prepare(new TopicRequest(session, TopicAction.SUBSCRIBE, topic), this);
        }

        String topic() {
            return topic;
        }

        /** Returns whether the subscription was revoked. Called under the lock of the session. */
        boolean isRevoked() {
            return revoked;
        }

        @Override
        public boolean decide(Verdict verdict) {
            if (!take(this)) {
                return false;
            }
            apply(this, verdict);
            handleWaiting();
            return true;
        }
    }

    private synchronized boolean take(PendingSubscription subscription) {
        boolean first = !subscription.decided;
        subscription.decided = true;
        return first;
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

    /** Subscribes the client after its earlier input, if the topic authorizer allows it. */
    void subscribe(String topic) {
        synchronized (this) {
            waiting.add(() -> begin(topic));
            if (closed) {
                return;
            }
            closed = true;
        }
        handleWaiting();
    }

    private boolean begin(String topic) {
        if (!session.isOpen() || !handler.command(() -> session.needsSubscription(topic))) {
            return true;
        }
        // Relayed messages that came before leave before.
        handler.flushRelay();
        PendingSubscription next = new PendingSubscription(topic);
        synchronized (this) {
            if (ended) {
                return true;
            }
            pending = next;
            reading.request(ReadSwitch.Reason.DECISION, true);
        }
        reading.apply();
        Verdict refusal = next.call.start();
        if (refusal == null || !take(next)) {
            return false;
        }
        apply(next, refusal);
        return true;
    }

    private void apply(PendingSubscription subscription, Verdict verdict) {
        try {
            if (session.isOpen()) {
                Verdict last = verdict.isAllowed() ? subscribe(subscription, verdict) : verdict;
                if (!last.isAllowed()) {
                    TopicDenials.report(session, subscription.topic, last);
                }
            }
        } catch (RuntimeException | Error e) {
            FAILURES.report("a decision on a subscription was lost", e);
        } finally {
            synchronized (this) {
                pending = null;
            }
        }
    }

    private Verdict subscribe(PendingSubscription subscription, Verdict verdict) {
        try {
            return session.subscribe(subscription, verdict) ? verdict : Verdict.REVOKED;
        } catch (IllegalStateException e) {
            // The application has subscribed the client to other topics in the meantime.
            return Verdict.denied(String.valueOf(e.getMessage()));
        }
    }

    /** Handles waiting input up to the next decision, and opens the gate after the last. */
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
        handler.flushRelay();
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

    /** Marks a pending subscription to a topic as revoked, or returns {@code null}. Called under the session's lock. */
    @Nullable
    PendingSubscription revoke(String topic) {
        PendingSubscription current;
        synchronized (this) {
            current = pending;
        }
        if (current == null || !current.topic.equals(topic)) {
            return null;
        }
        current.revoked = true;
        return current;
    }

    /** Gives up the pending decision and all later ones, because the connection ends. Messages are still handled. */
    void end() {
        PendingSubscription current;
        synchronized (this) {
            ended = true;
            current = pending;
        }
        if (current != null && take(current)) {
            current.call.cancel();
            synchronized (this) {
                pending = null;
            }
            handleWaiting();
        }
    }
}
