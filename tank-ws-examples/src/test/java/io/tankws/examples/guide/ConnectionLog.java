package io.tankws.examples.guide;

import io.tankws.ConnectionEvent;
import java.util.function.Consumer;

/** Writes each connection event as a line. */
final class ConnectionLog extends EventSubscriber<ConnectionEvent> {
    private final Consumer<String> log;

    ConnectionLog(Consumer<String> log) {
        this.log = log;
    }

    // region ConnectionEvents
    @Override
    public void onNext(ConnectionEvent event) {
        String user = event.userId();
        if (event instanceof ConnectionEvent.Connected) {
            log.accept(user + " connected");
        } else if (event instanceof ConnectionEvent.Subscribed subscribed) {
            log.accept(user + " subscribed to " + subscribed.topic());
        } else if (event instanceof ConnectionEvent.Unsubscribed unsubscribed) {
            log.accept(user + " unsubscribed from " + unsubscribed.topic());
        } else if (event instanceof ConnectionEvent.Disconnected disconnected) {
            log.accept(user + " disconnected with " + disconnected.status().code() + ", which ended "
                    + disconnected.endedTopics());
        }
    }
    // endregion
}
