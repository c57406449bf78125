package io.tankws.examples.guide;

import java.util.concurrent.Flow;
import java.util.function.Consumer;

/** A subscriber that requests every event. */
abstract class EventSubscriber<T> implements Flow.Subscriber<T> {
    static <T> EventSubscriber<T> of(Consumer<T> action) {
        return new EventSubscriber<>() {
            @Override
            public void onNext(T event) {
                action.accept(event);
            }
        };
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onError(Throwable never) {}

    @Override
    public void onComplete() {}
}
