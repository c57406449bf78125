package io.tankws.core.cluster;

import io.tankws.ClusterHealth.Status;
import io.tankws.spi.support.LogText;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connection state of a node, for its health and the log. Changed by one thread at a time. */
final class NodeStatus {
    private static final Logger LOG = LoggerFactory.getLogger("io.tankws");
    private static final String OUT_OF_TOUCH = "out of touch with the backplane: ";

    /** A state with its start and a sentence about it. */
    record State(Status status, Instant since, String detail) {
        private static State now(Status status, String detail) {
            return new State(status, Instant.now(), detail);
        }
    }

    private final String name;
    private volatile State state = State.now(Status.DOWN, "not started");
    private boolean alarmed;

    NodeStatus(String manager, String node, String cluster) {
        name = manager + ": node " + node + " of cluster " + cluster;
    }

    State state() {
        return state;
    }

    boolean isUp() {
        return state.status() == Status.UP;
    }

    void connecting() {
        state = State.now(Status.DOWN, "connecting");
    }

    void up() {
        state = State.now(Status.UP, "every connection works");
        // The log also reports the end of the outage.
        if (alarmed) {
            LOG.warn("{} is up", name);
        } else {
            LOG.info("{} is up", name);
        }
        alarmed = false;
    }

    void down(Throwable cause) {
        state = State.now(Status.DOWN, OUT_OF_TOUCH + cause.getMessage());
        LOG.warn("{} is down: {}", name, LogText.escape(cause.getMessage()));
        alarmed = true;
    }

    void stillDown(Throwable cause) {
        State before = state;
        String detail = OUT_OF_TOUCH + cause.getMessage();
        if (!before.detail().equals(detail)) {
            state = new State(before.status(), before.since(), detail);
            LOG.info("{} is still down: {}", name, LogText.escape(cause.getMessage()));
        }
    }

    void ended() {
        state = State.now(Status.DOWN, "shut down");
    }
}
