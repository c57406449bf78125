package io.tankws.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Keeps all that a publisher says, for tests. Safe for use by several threads.
 *
 * @param <T> type of the published items
 */
public final class RecordingSubscriber<T> implements Flow.Subscriber<T> {
    private final List<T> items = new ArrayList<>();
    private Flow.@Nullable Subscription subscription;
    private boolean completed;
    private @Nullable Throwable failure;

    private RecordingSubscriber() {}

    /**
     * Subscribes to a publisher and asks for everything.
     *
     * @param publisher the publisher
     * @param <T> type of the published items
     * @return the subscriber, subscribed
     */
    public static <T> RecordingSubscriber<T> of(Flow.Publisher<T> publisher) {
        RecordingSubscriber<T> subscriber = new RecordingSubscriber<>();
        publisher.subscribe(subscriber);
        Await.until("the subscription", subscriber::isSubscribed);
        return subscriber;
    }

    @Override
    public synchronized void onSubscribe(Flow.Subscription subscription) {
        this.subscription = subscription;
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public synchronized void onNext(T item) {
        items.add(item);
    }

    @Override
    public synchronized void onError(Throwable cause) {
        failure = cause;
    }

    @Override
    public synchronized void onComplete() {
        completed = true;
    }

    private synchronized boolean isSubscribed() {
        return subscription != null;
    }

    /**
     * Returns whether the publisher has completed.
     *
     * @return whether {@code onComplete} has come
     */
    public synchronized boolean isCompleted() {
        return completed;
    }

    /**
     * Returns whether the publisher has failed.
     *
     * @return whether {@code onError} has come
     */
    public synchronized boolean isFailed() {
        return failure != null;
    }

    /**
     * Returns what has come so far.
     *
     * @return a copy, in order
     */
    public synchronized List<T> items() {
        return List.copyOf(items);
    }

    /**
     * Waits for an item that has come or comes.
     *
     * @param what name of the awaited condition, for the error text
     * @param condition condition that the item must meet
     * @return the first such item
     */
    public T await(String what, Predicate<? super T> condition) {
        Await.until(what, () -> items().stream().anyMatch(condition));
        return items().stream().filter(condition).findFirst().orElseThrow();
    }
}
