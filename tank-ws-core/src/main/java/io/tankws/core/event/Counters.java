package io.tankws.core.event;

import io.tankws.CloseStatus;
import io.tankws.DropReason;
import io.tankws.ErrorCode;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** The counters of one manager; {@link io.tankws.Statistics} defines each. */
public final class Counters {
    public final LongAdder opened = new LongAdder();
    public final LongAdder closed = new LongAdder();
    public final LongAdder refused = new LongAdder();
    public final LongAdder received = new LongAdder();
    public final LongAdder offered = new LongAdder();
    public final LongAdder recovered = new LongAdder();
    public final LongAdder sent = new LongAdder();
    public final LongAdder undelivered = new LongAdder();
    /** The messages in the last writes of outboxes that are closed, until those writes end. */
    public final LongAdder inLastWrites = new LongAdder();

    public final LongAdder eventsLost = new LongAdder();
    private final Map<ErrorCode, LongAdder> errors = new EnumMap<>(ErrorCode.class);
    private final Map<DropReason, LongAdder> drops = new EnumMap<>(DropReason.class);
    private final Map<Integer, LongAdder> closes = new ConcurrentHashMap<>();

    public Counters() {
        for (ErrorCode code : ErrorCode.values()) {
            errors.put(code, new LongAdder());
        }
        for (DropReason reason : DropReason.values()) {
            drops.put(reason, new LongAdder());
        }
    }

    void error(ErrorCode code) {
        existing(errors, code).increment();
    }

    public void dropped(DropReason reason, int messages) {
        existing(drops, reason).add(messages);
    }

    /** Returns a counter. The constructor has created one for each key, so that threads need not change the map. */
    private static <K> LongAdder existing(Map<K, LongAdder> counters, K key) {
        return Objects.requireNonNull(counters.get(key));
    }

    void closed(CloseStatus status) {
        closed.increment();
        closes.computeIfAbsent(status.code(), code -> new LongAdder()).increment();
    }

    public Map<ErrorCode, Long> errors() {
        return seen(errors);
    }

    public Map<DropReason, Long> drops() {
        return seen(drops);
    }

    public Map<Integer, Long> closes() {
        return seen(closes);
    }

    private static <K> Map<K, Long> seen(Map<K, LongAdder> counts) {
        Map<K, Long> seen = new HashMap<>();
        counts.forEach((key, count) -> {
            if (count.sum() > 0) {
                seen.put(key, count.sum());
            }
        });
        return seen;
    }
}
