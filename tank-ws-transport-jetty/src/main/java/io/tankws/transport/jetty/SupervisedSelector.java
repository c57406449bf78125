package io.tankws.transport.jetty;

import io.tankws.spi.support.RunningTime;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;
import org.jspecify.annotations.Nullable;

/**
 * A selector that reports whether it is alive. Jetty's loop ends when an error escapes from it, for example for lack of
 * memory, and Jetty neither restarts it nor reports that. The port would accept connections and serve none, and a stop
 * would wait for ever.
 *
 * <p>The selector is asked for an answer once per round. The limit is a number of rounds, not a time, so that the
 * selector of a suspended process does not appear dead.
 */
final class SupervisedSelector extends ManagedSelector implements ManagedSelector.SelectorUpdate {
    /** The number of rounds in which a selector must answer. A fan-out to very many clients runs on its thread. */
    static final int MAX_ROUNDS = 30;

    /** The time for which a stop waits for an answer before it closes the selector. */
    private static final Duration STOP_ANSWER = Duration.ofSeconds(3);

    private static final long STEP_NANOS = 1_000_000;

    private final Consumer<Throwable> onFailure;
    private volatile @Nullable Selector selector;
    private volatile boolean answered = true;

    /** The rounds since the last answer; used only by the thread that calls {@link #isOverdue}. */
    private int rounds;

    /**
     * Creates a selector that is not started.
     *
     * @param onFailure receives the cause if selecting fails
     */
    SupervisedSelector(SelectorManager manager, int id, Consumer<Throwable> onFailure) {
        super(manager, id);
        this.onFailure = onFailure;
    }

    @Override
    protected void onSelectFailed(Throwable cause) {
        onFailure.accept(cause);
    }

    /** Answers. The loop calls this, so it is alive. */
    @Override
    public void update(Selector open) {
        selector = open;
        answered = true;
    }

    /** Asks for an answer if the last one has come. Returns whether none has come for {@link #MAX_ROUNDS} rounds. */
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
                // There was no memory to ask, which says nothing about the selector.
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
