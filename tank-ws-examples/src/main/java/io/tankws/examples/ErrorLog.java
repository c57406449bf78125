package io.tankws.examples;

import io.tankws.Client;
import io.tankws.ErrorEvent;
import java.util.concurrent.Flow;

// region ErrorLog
public final class ErrorLog implements Flow.Subscriber<ErrorEvent> {
    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(ErrorEvent error) {
        String client = error.client().map(Client::id).orElse("no client");
        System.err.println(error.code() + " " + error.code().value() + " (" + client + "): " + error.message());
    }

    @Override
    public void onError(Throwable never) {}

    @Override
    public void onComplete() {} // the manager has shut down
}
// endregion
