package io.tankws.transport.jetty;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Notices selectors whose loop has ended. Jetty's loop ends when an error escapes from it, such as for lack of memory, and
 * nothing starts it again or reports that: the port would accept connections and serve none.
 *
 * <p>Each selector is asked for an answer once a round. Rounds are counted, not time, so that a suspended process is not
 * taken for a dead selector.
 */
final class SelectorWatch extends AbstractLifeCycle {
    static final Duration PERIOD = Duration.ofSeconds(1);

    /** How many rounds a selector may take to answer: a walk over very many clients runs on its thread. */
    private static final int MAX_ROUNDS = 30;

    private final Scheduler scheduler;
    private final Supplier<Collection<ManagedSelector>> selectors;
    private final Consumer<Throwable> onDeath;
    private final Duration period;
    private List<Question> questions = List.of();

    SelectorWatch(
            Scheduler scheduler,
            Duration period,
            Supplier<Collection<ManagedSelector>> selectors,
            Consumer<Throwable> onDeath) {
        this.scheduler = scheduler;
        this.period = period;
        this.selectors = selectors;
        this.onDeath = onDeath;
    }

    private static final class Question {
        private final ManagedSelector selector;
        private volatile boolean answered = true;
        private int rounds;

        private Question(ManagedSelector selector) {
            this.selector = selector;
        }

        /** Returns whether the selector has kept this waiting for too long. */
        private boolean isOverdue() {
            if (!answered) {
                return ++rounds > MAX_ROUNDS;
            }
            rounds = 0;
            answered = false;
            selector.submit(open -> answered = true);
            return false;
        }
    }

    @Override
    protected void doStart() {
        questions = selectors.get().stream().map(Question::new).toList();
        schedule();
    }

    private void schedule() {
        scheduler.schedule(this::round, period.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void round() {
        if (!isRunning()) {
            return;
        }
        boolean dead = false;
        try {
            for (Question question : questions) {
                dead |= question.isOverdue();
            }
        } finally {
            if (!dead) {
                schedule();
            }
        }
        if (dead) {
            onDeath.accept(new IllegalStateException("a selector has not answered for " + MAX_ROUNDS + " rounds"));
        }
    }
}
