package io.tankws;

import java.time.Duration;
import java.util.Objects;

/** Constants and checks that {@link ServerLimits}, {@link ManagerLimits} and {@link ClientLimits} share. */
public final class Limits {
    /** The value of a count or a size that is not limited. */
    public static final int UNLIMITED = Integer.MAX_VALUE;

    /** The longest duration of a limit or a timeout: 365 days. Its nanoseconds can be added to a time. */
    public static final Duration MAX_DURATION = Duration.ofDays(365);

    private Limits() {}

    static int checked(String name, int value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be positive, but was " + value);
        }
        return value;
    }

    static Duration checked(String name, Duration value) {
        Objects.requireNonNull(value, name);
        if (value.isNegative() || value.isZero() || value.compareTo(MAX_DURATION) > 0) {
            throw new IllegalArgumentException(name + " must be positive and at most 365 days, but was " + value);
        }
        return value;
    }
}
