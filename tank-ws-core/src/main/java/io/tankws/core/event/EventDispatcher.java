package io.tankws.core.event;

import io.tankws.Client;
import io.tankws.CloseStatus;
import io.tankws.ConnectionEvent;
import io.tankws.ErrorCode;
import io.tankws.ErrorDetails;
import io.tankws.ErrorEvent;
import io.tankws.PresenceEvent;
import io.tankws.core.concurrent.RankedLock;
import io.tankws.spi.support.LogText;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The dispatcher of events and errors to the publishers, the counters and the debug log. */
public final class EventDispatcher {
    private static final Logger LOG = LoggerFactory.getLogger("io.tankws");

    public final EventPublisher<ErrorEvent> errors;
    public final EventPublisher<ConnectionEvent> connections;
    public final EventPublisher<PresenceEvent> presence;
    private final String manager;
    private final Counters counters;
    /** Clients that connected too late for their events. The set is almost always empty. */
    private final Set<Client> late = ConcurrentHashMap.newKeySet();

    private volatile boolean finishing;
    private volatile boolean debug;

    public EventDispatcher(String manager, Executor executor, int buffer, Counters counters) {
        this.manager = manager;
        this.counters = counters;
        errors = new EventPublisher<>(executor, buffer, counters.eventsLost, this::subscriberFailed);
        connections = new EventPublisher<>(executor, buffer, counters.eventsLost, this::subscriberFailed);
        presence = new EventPublisher<>(executor, buffer, counters.eventsLost, this::subscriberFailed);
    }

    private void subscriberFailed(Throwable cause) {
        error(ErrorCode.HANDLER_FAILED, "a subscriber of events threw", null, cause);
    }

    /** Returns whether a connection event would reach a subscriber or the debug log. */
    public boolean isObserved() {
        return debug || connections.hasSubscribers();
    }

    public void debug(boolean on) {
        debug = on;
    }

    public void connected(Client client) {
        counters.opened.increment();
        if (finishing) {
            late.add(client);
        }
        log("connect", client, "");
        publish(client, () -> new ConnectionEvent.Connected(client, Instant.now()));
    }

    public void disconnected(Client client, Set<String> endedTopics, CloseStatus status) {
        counters.closed(status);
        log("disconnect", client, status.code());
        publish(client, () -> new ConnectionEvent.Disconnected(client, status, endedTopics, Instant.now()));
        late.remove(client);
    }

    public void subscribed(Client client, String topic) {
        log("subscribe", client, topic);
        publish(client, () -> new ConnectionEvent.Subscribed(client, topic, Instant.now()));
    }

    public void unsubscribed(Client client, String topic) {
        log("unsubscribe", client, topic);
        publish(client, () -> new ConnectionEvent.Unsubscribed(client, topic, Instant.now()));
    }

    /** Publishes a join or a leave. */
    public void presence(PresenceEvent event) {
        assert RankedLock.noneHeld();
        try {
            if (presence.hasSubscribers()) {
                presence.publish(event);
            }
        } catch (RuntimeException | Error e) {
            lost();
        }
    }

    /**
     * Reports a failure.
     *
     * @param client client that it concerns, or {@code null} if there is none
     * @param cause exception, or {@code null} if there is none
     */
    public void error(ErrorCode code, String message, @Nullable Client client, @Nullable Throwable cause) {
        error(code, message, client, cause, null);
    }

    /** Reports a failure with the data that belongs to its code. */
    public void error(ErrorCode code, String message, ErrorDetails details) {
        error(code, message, null, null, details);
    }

    /** Reports a failure with all of its data. */
    public void error(
            ErrorCode code,
            String message,
            @Nullable Client client,
            @Nullable Throwable cause,
            @Nullable ErrorDetails details) {
        assert RankedLock.noneHeld();
        counters.error(code);
        try {
            logAndPublish(code, message, client, cause, details);
        } catch (RuntimeException | Error e) {
            lost();
        }
    }

    /** Counts an event that is lost for lack of memory or room, so that the code that reports it continues. */
    public void lost() {
        counters.eventsLost.increment();
    }

    private void logAndPublish(
            ErrorCode code,
            String message,
            @Nullable Client client,
            @Nullable Throwable cause,
            @Nullable ErrorDetails details) {
        if (debug && LOG.isDebugEnabled()) {
            // The text of the cause may repeat input of a client, which must not reach the log.
            String thrown = cause == null ? "" : " (" + cause.getClass().getName() + ")";
            String text = LogText.escape(message);
            LOG.debug("{}: error {} {}{} {}", manager, code.value(), text, thrown, name(client));
        }
        if (errors.hasSubscribers()) {
            errors.publish(new Failure(
                    code,
                    message,
                    Optional.ofNullable(client),
                    Optional.ofNullable(cause),
                    Optional.ofNullable(details),
                    Instant.now()));
        }
    }

    /** Stops reporting new connections. The ends of reported connections are still published. */
    public void finish() {
        finishing = true;
    }

    /** The event of one failure. */
    private record Failure(
            ErrorCode code,
            String message,
            Optional<Client> client,
            Optional<Throwable> cause,
            Optional<ErrorDetails> details,
            Instant time)
            implements ErrorEvent {}

    public void close() {
        errors.close();
        connections.close();
        presence.close();
    }

    private void publish(Client client, Supplier<ConnectionEvent> event) {
        assert RankedLock.noneHeld();
        try {
            if (connections.hasSubscribers() && !late.contains(client)) {
                connections.publish(event.get());
            }
        } catch (RuntimeException | Error e) {
            lost();
        }
    }

    private void log(String what, Client client, Object detail) {
        if (debug && LOG.isDebugEnabled()) {
            LOG.debug("{}: {} {} {}", manager, what, name(client), LogText.escape(detail.toString()));
        }
    }

    private static String name(@Nullable Client client) {
        return client == null ? "" : client.id() + " user " + LogText.escape(client.userId());
    }
}
