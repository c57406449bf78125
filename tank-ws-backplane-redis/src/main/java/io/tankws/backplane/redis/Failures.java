package io.tankws.backplane.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.tankws.BackplaneException;
import io.tankws.BackplaneException.Reason;
import java.util.Set;
import java.util.concurrent.CompletionException;

/** What went wrong, in the words of the SPI. */
final class Failures {
    private static final Set<String> MISPLACED =
            Set.of("MOVED", "ASK", "TRYAGAIN", "CLUSTERDOWN", "READONLY", "MASTERDOWN", "NOAUTH");

    private static final int MOST_CAUSES = 16;

    private Failures() {}

    static BackplaneException unreachable(String message) {
        return new BackplaneException(Reason.UNREACHABLE, message, null);
    }

    /**
     * Judges why a command failed.
     *
     * @param atOnce whether it failed before the call that sent it had returned
     */
    static BackplaneException of(Throwable thrown, boolean atOnce) {
        Throwable cause = unwrap(thrown);
        if (cause instanceof BackplaneException known) {
            return known;
        }
        if (cause instanceof RedisCommandExecutionException) {
            return new BackplaneException(Reason.REFUSED, "Redis refused it: " + cause.getMessage(), cause);
        }
        // Lettuce looks before it writes; other failures, also at once, are those of a write that may have begun.
        if (atOnce && cause instanceof RedisException) {
            return new BackplaneException(Reason.UNREACHABLE, "it was not sent: " + cause.getMessage(), cause);
        }
        return new BackplaneException(Reason.UNCERTAIN, "the connection ended before Redis replied", cause);
    }

    /** Whether Redis says that we are at the wrong server, or it at the wrong time. */
    static boolean isMisplaced(Throwable thrown) {
        return unwrap(thrown) instanceof RedisCommandExecutionException reply
                && reply.getMessage() != null
                && MISPLACED.contains(reply.getMessage().split(" ", 2)[0]);
    }

    /** Says in one sentence what went wrong and why, for people; the innermost cause says most. */
    static RedisException told(Throwable thrown) {
        Throwable cause = unwrap(thrown);
        Throwable root = cause;
        for (int depth = 0; root.getCause() != null && depth < MOST_CAUSES; depth++) {
            root = root.getCause();
        }
        String text = text(cause);
        if (!text.contains(text(root))) {
            text += ": " + text(root);
        }
        return new RedisException(text, cause);
    }

    private static String text(Throwable thrown) {
        String message = thrown.getMessage();
        // Lettuce looks names up late and says so.
        return message == null ? thrown.getClass().getSimpleName() : message.replace("/<unresolved>", "");
    }

    static Throwable unwrap(Throwable thrown) {
        return thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
    }
}
