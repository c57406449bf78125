package io.tankws.benchmarks.cluster;

import io.lettuce.core.api.sync.RedisServerCommands;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The figures that Redis reports. Its CPU time is finer than that in {@code /proc}, and available on every system.
 *
 * @param cpuSeconds CPU seconds of all threads of Redis
 * @param bytesIn bytes received by its sockets
 * @param bytesOut bytes sent by its sockets
 */
record RedisFigures(double cpuSeconds, double bytesIn, double bytesOut) {
    static RedisFigures take(RedisServerCommands<String, String> redis) {
        Map<String, String> all = info(redis);
        return new RedisFigures(
                number(all, "used_cpu_user") + number(all, "used_cpu_sys"),
                number(all, "total_net_input_bytes"),
                number(all, "total_net_output_bytes"));
    }

    static String version(RedisServerCommands<String, String> redis) {
        return info(redis).getOrDefault("redis_version", "unknown");
    }

    private static Map<String, String> info(RedisServerCommands<String, String> redis) {
        return redis.info()
                .lines()
                .filter(line -> line.indexOf(':') > 0)
                .collect(Collectors.toMap(
                        line -> line.substring(0, line.indexOf(':')),
                        line -> line.substring(line.indexOf(':') + 1).strip(),
                        (one, other) -> other));
    }

    private static double number(Map<String, String> all, String name) {
        return Double.parseDouble(all.getOrDefault(name, "NaN"));
    }
}
