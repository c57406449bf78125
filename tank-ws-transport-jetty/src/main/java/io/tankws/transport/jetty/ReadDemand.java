package io.tankws.transport.jetty;

import java.util.concurrent.RejectedExecutionException;
import org.eclipse.jetty.websocket.core.CoreSession;

/**
 * Asks Jetty for one frame after the other, except while reading is paused. A part of the connection that it serves, and
 * no object of its own, since there are thousands of them.
 */
abstract class ReadDemand {
    /** Set at the opening, before anything is asked. */
    CoreSession session;

    private boolean paused;
    private boolean owed;
    private boolean unstoppable;

    /** Returns whether a frame was asked for. */
    final boolean demandNext() {
        synchronized (this) {
            if (paused) {
                owed = true;
                return false;
            }
        }
        session.demand();
        return true;
    }

    final synchronized void pause() {
        paused = !unstoppable;
    }

    final void resume() {
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
    final void resumeForGood() {
        synchronized (this) {
            unstoppable = true;
        }
        resume();
    }
}
