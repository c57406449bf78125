package io.tankws.core.flow;

import io.tankws.spi.Connection;

/**
 * The switch that pauses and resumes the reading of one connection. The owner requests a state under its own lock and
 * applies it after the release. One thread at a time applies the latest request.
 */
public final class ReadSwitch {
    private final Connection connection;
    private boolean pauseRequested;
    private boolean paused;
    private boolean switching;

    public ReadSwitch(Connection connection) {
        this.connection = connection;
    }

    /** Records the requested state. {@link #apply} must follow. */
    public synchronized void request(boolean pause) {
        pauseRequested = pause;
    }

    /** Returns whether reading is paused, so that the silence of the peer has no meaning. */
    public synchronized boolean isPaused() {
        return paused || pauseRequested;
    }

    /**
     * Applies the requested state. Must not be called under a lock, because a transport may deliver input before it
     * returns.
     */
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
