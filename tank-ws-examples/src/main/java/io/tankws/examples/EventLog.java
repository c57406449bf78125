package io.tankws.examples;

import io.tankws.ConnectionEvent;
import io.tankws.ErrorEvent;
import io.tankws.Manager;
import io.tankws.spi.support.LogText;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

/** The latest events of a manager, with numbers, so that a page can ask for later ones. */
final class EventLog {
    private static final int MAX_ENTRIES = 200;

    /** An event in the form that the page shows. */
    record Entry(long number, Instant time, String kind, String user, String detail) {}

    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    private long count;

    EventLog(Manager manager) {
        manager.connectionEvents().subscribe(new Each<>(this::add));
        manager.errors().subscribe(new Each<>(this::add));
    }

    private void add(ConnectionEvent event) {
        if (event instanceof ConnectionEvent.Connected) {
            add(event, "connect", "");
        } else if (event instanceof ConnectionEvent.Subscribed subscribed) {
            add(event, "subscribe", subscribed.topic());
        } else if (event instanceof ConnectionEvent.Unsubscribed unsubscribed) {
            add(event, "unsubscribe", unsubscribed.topic());
        } else if (event instanceof ConnectionEvent.Disconnected disconnected) {
            add(event, "disconnect", "code " + disconnected.status().code());
        }
    }

    private void add(ConnectionEvent event, String kind, String detail) {
        add(event.time(), kind, event.userId(), detail);
    }

    private void add(ErrorEvent event) {
        String user = event.client().map(client -> client.userId()).orElse("");
        add(event.time(), "error " + event.code().value(), user, event.message());
    }

    private synchronized void add(Instant time, String kind, String user, String detail) {
        if (entries.size() == MAX_ENTRIES) {
            entries.poll();
        }
        entries.add(new Entry(++count, time, kind, LogText.escape(user), LogText.escape(detail)));
    }

    synchronized List<Entry> after(long number) {
        return entries.stream().filter(entry -> entry.number() > number).toList();
    }

    /** A subscriber that requests every event. */
    private record Each<T>(Consumer<T> action) implements Flow.Subscriber<T> {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(T event) {
            action.accept(event);
        }

        @Override
        public void onError(Throwable cause) {
            // The publishers of a manager never fail.
        }

        @Override
        public void onComplete() {
            // The log ends with the manager.
        }
    }
}
