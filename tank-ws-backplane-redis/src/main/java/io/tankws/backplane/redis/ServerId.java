package io.tankws.backplane.redis;

import io.lettuce.core.api.StatefulRedisConnection;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Which run of which server it is.
 *
 * @param run its own name for that; {@code null} if it does not tell
 * @param startedAt since when it runs, by {@link System#nanoTime()}, up to a second too early
 */
record ServerId(String run, long startedAt) {
    private static final ServerId UNKNOWN = new ServerId(null, 0);
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    /** Completes with an unknown one if the server must not be asked. */
    static CompletionStage<ServerId> ask(StatefulRedisConnection<?, ?> connection) {
        return connection.async().info("server").thenApply(ServerId::parse).exceptionally(failure -> UNKNOWN);
    }

    static ServerId parse(String info) {
        String run = null;
        long uptime = -1;
        for (String line : info.split("\r?\n")) {
            if (line.startsWith("run_id:")) {
                run = line.substring("run_id:".length());
            } else if (line.startsWith("uptime_in_seconds:")) {
                uptime = Long.parseLong(line.substring("uptime_in_seconds:".length()));
            }
        }
        return run == null || uptime < 0 ? UNKNOWN : new ServerId(run, System.nanoTime() - (uptime + 1) * SECOND);
    }

    /** Whether it has begun since then, so that nobody can have been connected to it before. */
    boolean hasStartedSince(long nanos) {
        return run != null && startedAt + SECOND - nanos >= 0;
    }
}
