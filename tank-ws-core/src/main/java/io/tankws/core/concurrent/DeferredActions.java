package io.tankws.core.concurrent;

import io.tankws.spi.support.FailureLog;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Actions that were decided under a lock and run after its release, in order. A failure of one action does not stop
 * the rest.
 */
public final class DeferredActions implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger("io.tankws");
    /** Log of failed actions. It must not throw, because that would stop the remaining actions. */
    private static final FailureLog FAILURES = new FailureLog(LOG::error);

    private final List<Runnable> tasks = new ArrayList<>();

    public void add(Runnable task) {
        tasks.add(task);
    }

    @Override
    public void run() {
        for (Runnable task : tasks) {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                FAILURES.report("what became of a message could not be reported", e);
            }
        }
    }
}
