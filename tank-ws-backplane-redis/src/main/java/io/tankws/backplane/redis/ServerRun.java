package io.tankws.backplane.redis;

import io.lettuce.core.api.StatefulRedisConnection;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Which run of which server it is.
 *
 * @param run its own name for that; {@code null} if it does not tell
 * @param mode {@code standalone}, {@code cluster} or {@code sentinel}; {@code null} if it does not tell
 * @param startedAt since when it runs, by {@link System#nanoTime()}; up to a second too early, because servers count whole
 *     seconds
 */
record ServerRun(String run, String mode, long startedAt) {
    private static final ServerRun UNKNOWN = new ServerRun(null, null, 0);

    /** Completes with an unknown one if the server must not be asked. */
    static CompletionStage<ServerRun> ask(StatefulRedisConnection<?, ?> connection) {
        return connection.async().info("server").thenApply(ServerRun::parse).exceptionally(failure -> UNKNOWN);
    }

    static ServerRun parse(String info) {
        Map<String, String> fields = info.lines()
                .filter(line -> line.indexOf(':') > 0)
                .collect(Collectors.toMap(
                        line -> line.substring(0, line.indexOf(':')),
                        line -> line.substring(line.indexOf(':') + 1).strip(),
                        (first, second) -> first));
        String run = fields.get("run_id");
        String uptime = fields.get("uptime_in_seconds");
        return run == null || uptime == null
                ? UNKNOWN
                : new ServerRun(
                        run,
                        // Valkey has another name for it.
                        fields.getOrDefault("redis_mode", fields.get("server_mode")),
                        System.nanoTime() - TimeUnit.SECONDS.toNanos(Long.parseLong(uptime)));
    }

    /** Whether it has begun since then, so that nobody can have been connected to it before. */
    boolean hasStartedSince(long nanos) {
        return run != null && startedAt - nanos >= 0;
    }
}
