package io.tankws.core.flow;

import io.tankws.spi.Connection;

/**
 * The switch that pauses and resumes the reading of one connection. The owner requests a state under its own lock and
 * applies it after the release. One thread at a time applies the latest request.
 */
public final class ReadSwitch {
    /** The reasons to pause. Reading resumes when none remains. */
    public enum Reason {
        /** Messages of the client wait for its handler or for the readers. */
        FLOW,
        /** The client waits for a decision of the topic authorizer. */
        DECISION
    }

    private final Connection connection;
    private boolean flowRequested;
    private boolean decisionRequested;
    private boolean paused;
    private boolean switching;

    public ReadSwitch(Connection connection) {
        this.connection = connection;
    }

    /** Records whether a reason to pause exists. {@link #apply} must follow. */
    public synchronized void request(Reason reason, boolean pause) {
        if (reason == Reason.FLOW) {
            flowRequested = pause;
        } else {
            decisionRequested = pause;
        }
    }

    private boolean isPauseRequested() {
        return flowRequested || decisionRequested;
    }

    /** Returns whether reading is paused, so that the silence of the peer has no meaning. */
    public synchronized boolean isPaused() {
        return paused || isPauseRequested();
    }

    /**
     * Applies the requested state. Must not be called under a lock, because a transport may deliver input before it
     * returns.
     */
    public void apply() {
        while (true) {
            boolean pause;
            synchronized (this) {
                if (switching || isPauseRequested() == paused) {
                    return;
                }
                switching = true;
                pause = isPauseRequested();
            }
            boolean switched = false;
            try {
                if (pause) {
                    connection.pauseReading();
                } else {
                    connection.resumeReading();
                }
                switched = true;
            } finally {
                synchronized (this) {
                    paused = switched ? pause : paused;
                    switching = false;
                }
            }
        }
    }
}
