package io.tankws.backplane.redis;

import io.lettuce.core.api.StatefulRedisConnection;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One run of a Redis server process.
 *
 * @param runId run id, or {@code null} if the server does not report it
 * @param mode {@code standalone}, {@code cluster} or {@code sentinel}, or {@code null} if the server does not report
 *     it
 * @param startedAt start of the run, by {@link System#nanoTime()}; up to a second too early, because servers report
 *     whole seconds
 */
record ServerRun(@Nullable String runId, @Nullable String mode, long startedAt) {
    private static final ServerRun UNKNOWN = new ServerRun(null, null, 0);

    /** Asks a server for its run. Completes with an unknown run if the access control list forbids the command. */
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
                        // Valkey uses another field name.
                        fields.getOrDefault("redis_mode", fields.get("server_mode")),
                        System.nanoTime() - TimeUnit.SECONDS.toNanos(Long.parseLong(uptime)));
    }

    /** Returns whether the run started after a time, so that no node was connected to it before. */
    boolean hasStartedSince(long nanos) {
        return runId != null && startedAt - nanos >= 0;
    }
}
