package io.tankws.core.routing;

import io.tankws.spi.support.FailureLog;
import java.util.ArrayDeque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread's way through the clients of an audience. A connection that fails there ends its session only after the
 * walk: the end settles topics and delivers what the client had relayed, which is a walk of its own, so ends inside
 * walks would nest as deep as clients have died.
 */
public final class AudienceWalk {
    private static final Logger LOG = LoggerFactory.getLogger("io.tankws");
    /** A report that throws would end the ends after it. */
    private static final FailureLog FAILURES = new FailureLog(LOG::error);

    private static final Object NO_ENDS = "no ends";
    /**
     * Absent outside of walks, then {@link #NO_ENDS} or a queue of ends. Only types of the JDK, so that a thread of the
     * application does not keep this library's class loader alive.
     */
    private static final ThreadLocal<Object> CURRENT = new ThreadLocal<>();

    private AudienceWalk() {}

    /** Begins a walk unless the thread is in one; {@link #end} must follow if the result is {@code true}. */
    static boolean begin() {
        if (CURRENT.get() != null) {
            return false;
        }
        CURRENT.set(NO_ENDS);
        return true;
    }

    /** Ends the walk that this thread began, and runs what was put off until then, including what that puts off. */
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
            // One client's end must not keep the others from theirs.
            FAILURES.report("the end of a session failed", e);
        }
    }

    /** Runs a session's end now, or after the walk that the thread is in. */
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
