package io.tankws.core;

import io.tankws.ErrorCode;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What one manager counts; {@link io.tankws.Statistics} says what each means. */
final class Counters {
    final LongAdder opened = new LongAdder();
    final LongAdder closed = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder received = new LongAdder();
    final LongAdder offered = new LongAdder();
    final LongAdder sent = new LongAdder();
    final LongAdder dropped = new LongAdder();
    final LongAdder undelivered = new LongAdder();
    final LongAdder eventsLost = new LongAdder();
    private final Map<ErrorCode, LongAdder> errors = new EnumMap<>(ErrorCode.class);

    Counters() {
        for (ErrorCode code : ErrorCode.values()) {
            errors.put(code, new LongAdder());
        }
    }

    void error(ErrorCode code) {
        errors.get(code).increment();
    }

    Map<ErrorCode, Long> errors() {
        Map<ErrorCode, Long> seen = new EnumMap<>(ErrorCode.class);
        errors.forEach((code, count) -> {
            if (count.sum() > 0) {
                seen.put(code, count.sum());
            }
        });
        return seen;
    }
}
