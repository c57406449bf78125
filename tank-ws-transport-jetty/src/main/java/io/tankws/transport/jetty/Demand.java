package io.tankws.transport.jetty;

import java.util.concurrent.RejectedExecutionException;
import org.eclipse.jetty.websocket.core.CoreSession;

/** Asks Jetty for one frame after the other, except while reading is paused. */
final class Demand {
    private final CoreSession session;
    private boolean paused;
    private boolean owed;
    private boolean unstoppable;

    Demand(CoreSession session) {
        this.session = session;
    }

    /** Returns whether a frame was asked for. */
    boolean next() {
        synchronized (this) {
            if (paused) {
                owed = true;
                return false;
            }
        }
        session.demand();
        return true;
    }

    synchronized void pause() {
        paused = !unstoppable;
    }

    void resume() {
        synchronized (this) {
            paused = false;
            if (!owed) {
                return;
            }
            owed = false;
        }
        try {
            session.demand();
        } catch (RejectedExecutionException e) {
            session.abort();
        }
    }

    /** From now on reads whatever comes: a closing peer's answer is behind what it sent before. */
    void resumeForGood() {
        synchronized (this) {
            unstoppable = true;
        }
        resume();
    }
}
