package io.tankws.spi.support;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The reports of one place where failures may repeat without end, such as the loop of a long-running thread. The
 * first failure is reported at once, later ones at most every 10 seconds and with the number of failures in between.
 * Safe for use by several threads.
 *
 * <p>For transports, backplanes and this library; not to be extended.
 */
public final class FailureLog {
    private static final long PERIOD_NANOS = Duration.ofSeconds(10).toNanos();

    private final BiConsumer<String, @Nullable Throwable> log;
    private final AtomicLong unreported = new AtomicLong();
    private final AtomicLong nextAt = new AtomicLong(System.nanoTime());

    /**
     * Creates a place without failures.
     *
     * @param log gets the text and the cause of each report, such as {@code LOG::error}
     */
    public FailureLog(BiConsumer<String, @Nullable Throwable> log) {
        this.log = Objects.requireNonNull(log, "log");
    }

    /**
     * Reports a failure, or counts it for the next report. Never throws: a failure to report must not end the loop
     * that survived the failure itself.
     *
     * @param text the event, the object and the consequence
     * @param cause the failure
     */
    public void report(String text, @Nullable Throwable cause) {
        try {
            long now = System.nanoTime();
            long next = nextAt.get();
            if (now - next < 0 || !nextAt.compareAndSet(next, now + PERIOD_NANOS)) {
                unreported.incrementAndGet();
                return;
            }
            long before = unreported.getAndSet(0);
            log.accept(before == 0 ? text : text + " (" + before + " more failures since the last report)", cause);
        } catch (Throwable e) {
            // Without memory there is no report either.
            unreported.incrementAndGet();
        }
    }
}
