package io.tankws.core;

import io.tankws.spi.Connection;

/**
 * The switch that pauses and resumes the reading of one connection. The owner requests under its own lock and applies
 * outside of it; one thread at a time makes the connection what was requested last.
 */
final class ReadSwitch {
    private final Connection connection;
    private boolean pauseRequested;
    private boolean paused;
    private boolean switching;

    ReadSwitch(Connection connection) {
        this.connection = connection;
    }

    /** Notes what reading should be; {@link #apply} must follow. */
    synchronized void request(boolean pause) {
        pauseRequested = pause;
    }

    /** Returns whether the peer is held back, so that its silence means nothing. */
    synchronized boolean isPaused() {
        return paused || pauseRequested;
    }

    /** Pauses or resumes. Never called under a lock: a transport may hand over what it had read before it returns. */
    void apply() {
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
