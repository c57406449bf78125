package io.tankws.core.concurrent;

import io.tankws.ManagerLimits;
import io.tankws.ServerLimits;
import java.time.Duration;
import java.util.Map;

/**
 * The limits of calls of user code that decides on handshakes. A manager has them, and a server has them for the paths
 * that lead to handlers of the application.
 */
public record UserCallLimits(Duration timeout, int maxPending, int threads, int maxAbandoned) {
    public static UserCallLimits of(ManagerLimits limits) {
        return new UserCallLimits(
                limits.authenticationTimeout(),
                limits.pendingHandshakes(),
                limits.callbackThreads(),
                limits.maxAbandonedCalls());
    }

    public static UserCallLimits of(ServerLimits limits) {
        return new UserCallLimits(
                limits.authenticationTimeout(),
                limits.pendingHandshakes(),
                limits.callbackThreads(),
                limits.maxAbandonedCalls());
    }

    /** Returns the limits by their names in {@link ServerLimits} and {@link ManagerLimits}. */
    public Map<String, Object> byName() {
        return Map.of(
                "authenticationTimeout", timeout,
                "pendingHandshakes", maxPending,
                "callbackThreads", threads,
                "maxAbandonedCalls", maxAbandoned);
    }
}
