package io.tankws.core.presence;

import io.tankws.Message;
import io.tankws.PresenceEvent;
import io.tankws.spi.ProtocolEncoding;
import io.tankws.spi.support.FailureLog;
import java.util.IdentityHashMap;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An event that is encoded at most once for each encoding. */
final class EncodedEvent {
    private static final Logger LOG = LoggerFactory.getLogger("io.tankws");
    /** Log of failed encodings. */
    private static final FailureLog FAILURES = new FailureLog(LOG::error);

    private final PresenceEvent event;
    private final IdentityHashMap<ProtocolEncoding, Optional<Message>> messages = new IdentityHashMap<>(2);

    EncodedEvent(PresenceEvent event) {
        this.event = event;
    }

    /** Queues the message of the event for an observer, if its encoding has one. */
    void queue(PresenceObserver observer) {
        messages.computeIfAbsent(observer.encoding(), this::encode)
                .ifPresent(message -> observer.outbox().offer(message));
    }

    private Optional<Message> encode(ProtocolEncoding encoding) {
        try {
            return encoding.encode(event);
        } catch (RuntimeException | Error e) {
            FAILURES.report("a join or a leave could not be encoded for a protocol", e);
            return Optional.empty();
        }
    }
}
