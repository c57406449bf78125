package io.tankws.core.flow;

import io.tankws.spi.Connection;

/**
 * The switch that pauses and resumes the reading of one connection. The owner requests under its own lock and applies
 * outside of it; one thread at a time makes the connection what was requested last.
 */
public final class ReadSwitch {
    private final Connection connection;
    private boolean pauseRequested;
    private boolean paused;
    private boolean switching;

    public ReadSwitch(Connection connection) {
        this.connection = connection;
    }

    /** Notes what reading should be; {@link #apply} must follow. */
    public synchronized void request(boolean pause) {
        pauseRequested = pause;
    }

    /** Returns whether the peer is held back, so that its silence means nothing. */
    public synchronized boolean isPaused() {
        return paused || pauseRequested;
    }

    /** Pauses or resumes. Never called under a lock: a transport may hand over what it had read before it returns. */
    public void apply() {
        while (true) {
            boolean pause;
            synchronized (this) {
                if (switching || pauseRequested == paused) {
                    return;
                }
                switching = true;
                pause = pauseRequested;
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
