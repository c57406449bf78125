package io.tankws.core.routing;

import io.tankws.spi.support.FailureLog;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A walk of one thread through the clients of an audience. A connection that fails during the walk ends its session
 * after it. The end of a session delivers messages, which is another walk, so ends inside walks would nest as deep as
 * clients fail.
 */
public final class AudienceWalk {
    private static final Logger LOG = LoggerFactory.getLogger("io.tankws");
    /** Log of failed ends. It must not throw, because that would stop the remaining ends. */
    private static final FailureLog FAILURES = new FailureLog(LOG::error);

    private static final Object NO_ENDS = "no ends";
    /**
     * Ends of the current walk: absent outside of walks, then {@link #NO_ENDS} or a queue. It has types of the JDK
     * only, so that a thread of the application does not keep the class loader of this library alive.
     */
    private static final ThreadLocal<@Nullable Object> CURRENT = new ThreadLocal<>();

    private AudienceWalk() {}

    /** Begins a walk unless the thread is in one. {@link #end} must follow if the result is {@code true}. */
    static boolean begin() {
        if (CURRENT.get() != null) {
            return false;
        }
        CURRENT.set(NO_ENDS);
        return true;
    }

    /** Ends the walk of this thread and runs the deferred ends, including those that they defer. */
    static void end() {
        try {
            while (CURRENT.get() instanceof ArrayDeque<?> ends && !ends.isEmpty()) {
                run((Runnable) ends.poll());
            }
        } finally {
            CURRENT.remove();
        }
    }

    private static void run(Runnable end) {
        try {
            end.run();
        } catch (RuntimeException | Error e) {
            // A failed end of one client must not stop those of other clients.
            FAILURES.report("the end of a session failed", e);
        }
    }

    /** Runs the end of a session now, or after the current walk of the thread. */
    public static void afterwards(Runnable end) {
        Object current = CURRENT.get();
        if (current == null) {
            begin();
            try {
                end.run();
            } finally {
                end();
            }
        } else {
            queue(current).add(end);
        }
    }

    @SuppressWarnings("unchecked")
    private static ArrayDeque<Runnable> queue(Object current) {
        if (current instanceof ArrayDeque<?> ends) {
            return (ArrayDeque<Runnable>) ends;
        }
        ArrayDeque<Runnable> ends = new ArrayDeque<>();
        CURRENT.set(ends);
        return ends;
    }
}
