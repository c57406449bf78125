package io.tankws.testkit.contract;

import java.util.concurrent.Flow;

/** Fails in one of its steps. */
final class FaultingSubscriber<T> implements Flow.Subscriber<T> {
    enum Step {
        SUBSCRIBE,
        NEXT,
        ERROR,
        COMPLETE
    }

    private final Step step;
    private final InjectedFault trap;

    FaultingSubscriber(Step step, InjectedFault trap) {
        this.step = step;
        this.trap = trap;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        springAt(Step.SUBSCRIBE);
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(T item) {
        springAt(Step.NEXT);
        if (step == Step.ERROR) {
            throw new IllegalStateException("on purpose, so that onError is called");
        }
    }

    @Override
    public void onError(Throwable cause) {
        springAt(Step.ERROR);
    }

    @Override
    public void onComplete() {
        springAt(Step.COMPLETE);
    }

    private void springAt(Step reached) {
        if (reached == step) {
            trap.spring();
        }
    }
}
