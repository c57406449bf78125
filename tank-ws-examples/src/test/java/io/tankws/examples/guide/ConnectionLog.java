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
        String user = event.client().userId();
        switch (event.type()) {
            case CONNECT -> log.accept(user + " connected");
            case SUBSCRIBE ->
                log.accept(user + " subscribed to " + event.topic().orElseThrow());
            case UNSUBSCRIBE ->
                log.accept(user + " unsubscribed from " + event.topic().orElseThrow());
            case DISCONNECT ->
                log.accept(user + " disconnected with "
                        + event.closeStatus().orElseThrow().code() + ", which ended " + event.endedTopics());
        }
    }
    // endregion
}
