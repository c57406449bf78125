package io.tankws.core.event;

import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * A hot publisher that never waits. Each subscriber has a bounded buffer. An event that does not fit is lost for that
 * subscriber only, and counted.
 */
public final class EventPublisher<T> implements Flow.Publisher<T> {
    private final SubmissionPublisher<T> publisher;
    private final LongAdder lost;
    private final Consumer<Throwable> failures;

    EventPublisher(Executor executor, int buffer, LongAdder lost, Consumer<Throwable> failures) {
        publisher = new SubmissionPublisher<>(executor, buffer);
        this.lost = lost;
        this.failures = failures;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super T> subscriber) {
        publisher.subscribe(new ReportingSubscriber<T>(Objects.requireNonNull(subscriber, "subscriber"), failures));
    }

    boolean hasSubscribers() {
        return publisher.hasSubscribers();
    }

    void publish(T event) {
        try {
            publisher.offer(event, (subscriber, item) -> {
                lost.increment();
                return false;
            });
        } catch (IllegalStateException closed) {
            lost.increment();
        }
    }

    /** Completes each subscriber after the events in its buffer. */
    void close() {
        publisher.close();
    }
}
