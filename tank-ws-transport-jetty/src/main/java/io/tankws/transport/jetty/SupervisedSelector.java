package io.tankws.transport.jetty;

import io.tankws.spi.support.RunningTime;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;

/**
 * A selector whose death is noticed. Jetty's loop ends when an error escapes from it, such as for lack of memory, and nothing
 * starts it again or reports that: the port would accept connections and serve none, and a stop would wait for ever.
 *
 * <p>The selector is asked for an answer once a round. Rounds are counted, not time, so that a suspended process is not taken
 * for a dead selector.
 */
final class SupervisedSelector extends ManagedSelector implements ManagedSelector.SelectorUpdate {
    /** How many rounds a selector may take to answer: a walk over very many clients runs on its thread. */
    static final int MAX_ROUNDS = 30;

    /** How long a stop waits for an answer before it closes the selector itself. */
    private static final Duration STOP_ANSWER = Duration.ofSeconds(3);

    private static final long STEP_NANOS = 1_000_000;

    private final Consumer<Throwable> onFailure;
    private volatile Selector selector;
    private volatile boolean answered = true;
    /** Used by the thread that calls {@link #isOverdue} alone. */
    private int rounds;

    /**
     * Creates a selector that is not started.
     *
     * @param onFailure gets the cause if selecting fails
     */
    SupervisedSelector(SelectorManager manager, int id, Consumer<Throwable> onFailure) {
        super(manager, id);
        this.onFailure = onFailure;
    }

    @Override
    protected void onSelectFailed(Throwable cause) {
        onFailure.accept(cause);
    }

    /** Called by the loop itself, which lives therefore. */
    @Override
    public void update(Selector open) {
        selector = open;
        answered = true;
    }

    /** Asks for an answer if the last one has come. Returns whether it has not for {@link #MAX_ROUNDS} rounds. */
    boolean isOverdue() {
        if (!answered) {
            return ++rounds > MAX_ROUNDS;
        }
        rounds = 0;
        ask();
        return false;
    }

    private void ask() {
        answered = false;
        boolean asked = false;
        try {
            submit(this);
            asked = true;
        } finally {
            if (!asked) {
                // There was no memory for the question, which is not the selector's fault.
                answered = true;
            }
        }
    }

    @Override
    protected void doStop() throws Exception {
        ask();
        boolean alive = RunningTime.await(STOP_ANSWER, nanos -> {
            if (!answered && nanos > 0) {
                LockSupport.parkNanos(Math.min(nanos, STEP_NANOS));
            }
            return answered;
        });
        if (alive) {
            super.doStop();
        } else if (selector != null) {
            selector.close();
        }
    }
}
