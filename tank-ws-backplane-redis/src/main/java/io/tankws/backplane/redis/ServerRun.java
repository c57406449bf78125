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
 * @param replicationId replication id, which a promotion to master replaces, or {@code null} if it is not reported
 * @param evictionPolicy policy by which the server evicts keys when its memory is full, or {@code null} if it is not
 *     reported
 * @param startedAt start of the run, by {@link System#nanoTime()}; up to a second too early, because servers report
 *     whole seconds
 */
record ServerRun(
        @Nullable String runId,
        @Nullable String mode,
        @Nullable String replicationId,
        @Nullable String evictionPolicy,
        long startedAt) {
    private static final ServerRun UNKNOWN = new ServerRun(null, null, null, null, 0);

    /** Digits of each id in {@link #identity}, as in {@link HistoryScript}. */
    private static final int ID_DIGITS = 12;

    /** Asks a server for its run. Completes with an unknown run if the access control list forbids the command. */
    static CompletionStage<ServerRun> ask(StatefulRedisConnection<?, ?> connection) {
        return connection
                .async()
                .info("server")
                .thenCombine(connection.async().info("replication"), (server, more) -> server + "\n" + more)
                .thenCombine(connection.async().info("memory"), (server, more) -> server + "\n" + more)
                .thenApply(ServerRun::parse)
                .exceptionally(failure -> UNKNOWN);
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
                        fields.get("master_replid"),
                        fields.get("maxmemory_policy"),
                        System.nanoTime() - TimeUnit.SECONDS.toNanos(Long.parseLong(uptime)));
    }

    /** Returns whether the run started after a time, so that no node was connected to it before. */
    boolean hasStartedSince(long nanos) {
        return runId != null && startedAt - nanos >= 0;
    }

    /**
     * Returns what identifies the server for as long as it is a master without interruption. A promoted replica and a
     * server that started again have another identity.
     *
     * @return an empty text if it is unknown
     */
    String identity() {
        return beginning(runId) + beginning(replicationId);
    }

    private static String beginning(@Nullable String id) {
        return id == null ? "" : id.substring(0, Math.min(id.length(), ID_DIGITS));
    }

    /** Returns whether the server evicts keys before they expire. */
    boolean evictsAnyKey() {
        return evictionPolicy != null && evictionPolicy.startsWith("allkeys-");
    }
}
