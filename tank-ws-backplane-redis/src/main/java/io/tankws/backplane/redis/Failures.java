package io.tankws.backplane.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.tankws.BackplaneException;
import io.tankws.BackplaneException.Reason;
import java.util.concurrent.CompletionException;

/** What failures of commands mean to those who publish. */
final class Failures {
    private Failures() {}

    static BackplaneException unreachable() {
        return new BackplaneException(Reason.UNREACHABLE, "there is no connection to Redis", null);
    }

    static BackplaneException named(Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        if (cause instanceof BackplaneException ours) {
            return ours;
        }
        if (cause instanceof RedisCommandExecutionException) {
            return new BackplaneException(Reason.REFUSED, "Redis refused it: " + cause.getMessage(), cause);
        }
        if (cause instanceof RedisException
                && String.valueOf(cause.getMessage()).contains("not connected")) {
            // Lettuce's words for a command that it has not written.
            return new BackplaneException(Reason.UNREACHABLE, "there is no connection to Redis", cause);
        }
        return new BackplaneException(Reason.UNCERTAIN, "the connection to Redis broke before an answer", cause);
    }
}
