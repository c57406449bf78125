package io.tankws.core.event;

import java.util.concurrent.Flow;
import java.util.function.Consumer;

/**
 * A subscriber that reports exceptions of the wrapped one. The publisher of the JDK cancels a failing subscriber
 * without a report. Instances are equal if the wrapped subscribers are the same, so that a second subscription is
 * still detected.
 */
final class ReportingSubscriber<T> implements Flow.Subscriber<T> {
    private final Flow.Subscriber<? super T> subscriber;
    private final Consumer<Throwable> failures;

    ReportingSubscriber(Flow.Subscriber<? super T> subscriber, Consumer<Throwable> failures) {
        this.subscriber = subscriber;
        this.failures = failures;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        guard(() -> subscriber.onSubscribe(subscription));
    }

    @Override
    public void onNext(T item) {
        guard(() -> subscriber.onNext(item));
    }

    @Override
    public void onError(Throwable cause) {
        guard(() -> subscriber.onError(cause));
    }

    @Override
    public void onComplete() {
        guard(subscriber::onComplete);
    }

    private void guard(Runnable step) {
        try {
            step.run();
        } catch (Throwable e) {
            failures.accept(e);
            throw e;
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ReportingSubscriber<?> guarded && guarded.subscriber == subscriber;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(subscriber);
    }
}
