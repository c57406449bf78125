package io.tankws.examples.guide;

import io.tankws.PresenceEvent;
import java.util.function.Consumer;

/** The log of joins and leaves in docs/guide/presence.md. */
final class PresenceLog extends EventSubscriber<PresenceEvent> {
    private final Consumer<String> log;

    PresenceLog(Consumer<String> log) {
        this.log = log;
    }

    // region JoinLeave
    @Override
    public void onNext(PresenceEvent event) {
        String user = event.member().userId();
        if (event instanceof PresenceEvent.Joined) {
            log.accept(user + " joined " + event.topic());
        } else if (event instanceof PresenceEvent.Left) {
            log.accept(user + " left " + event.topic());
        }
    }
    // endregion
}
