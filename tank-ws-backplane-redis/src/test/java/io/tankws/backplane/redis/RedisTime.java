package io.tankws.backplane.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;

/** A way to let time pass in Redis without waiting: every key of a pattern expires earlier. */
final class RedisTime {
    private static final String SCRIPT = """
            local passed = tonumber(ARGV[2])
            for _, key in ipairs(redis.call('KEYS', ARGV[1])) do
              local remaining = redis.call('PTTL', key)
              if remaining >= 0 and remaining <= passed then redis.call('DEL', key)
              elseif remaining > passed then redis.call('PEXPIRE', key, remaining - passed)
              else error('a key without a time-to-live: ' .. key) end
            end
            return 'passed'
            """;

    private RedisTime() {}

    static void pass(TestRedis redis, String pattern, Duration duration) {
        try {
            Object answer = redis.ask("EVAL", SCRIPT, "0", pattern, "" + duration.toMillis());
            if (!"passed".equals(answer)) {
                throw new AssertionError(answer);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
