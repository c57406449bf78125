package io.tankws;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The limits of calls of user code that decides on handshakes. {@link ManagerLimits} and {@link ServerLimits} share
 * them. Immutable.
 */
final class CallLimits {
    private final Duration authenticationTimeout;
    private final int pendingHandshakes;
    private final int callbackThreads;
    private final int maxAbandonedCalls;

    private CallLimits(Builder builder) {
        authenticationTimeout = Limits.checked("authenticationTimeout", builder.authenticationTimeout);
        pendingHandshakes = Limits.checked("pendingHandshakes", builder.pendingHandshakes);
        callbackThreads = Limits.checked("callbackThreads", builder.callbackThreads);
        maxAbandonedCalls = Limits.checked("maxAbandonedCalls", builder.maxAbandonedCalls);
    }

    Builder toBuilder() {
        Builder builder = new Builder();
        builder.authenticationTimeout = authenticationTimeout;
        builder.pendingHandshakes = pendingHandshakes;
        builder.callbackThreads = callbackThreads;
        builder.maxAbandonedCalls = maxAbandonedCalls;
        return builder;
    }

    Duration authenticationTimeout() {
        return authenticationTimeout;
    }

    int pendingHandshakes() {
        return pendingHandshakes;
    }

    int callbackThreads() {
        return callbackThreads;
    }

    int maxAbandonedCalls() {
        return maxAbandonedCalls;
    }

    /** Returns all limits by name. */
    Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("authenticationTimeout", authenticationTimeout);
        values.put("pendingHandshakes", pendingHandshakes);
        values.put("callbackThreads", callbackThreads);
        values.put("maxAbandonedCalls", maxAbandonedCalls);
        return values;
    }

    /** The values that the builder of the owner collects. */
    static final class Builder {
        Duration authenticationTimeout = Duration.ofSeconds(10);
        int pendingHandshakes = 1024;
        int callbackThreads = 256;
        int maxAbandonedCalls = 256;

        CallLimits build() {
            return new CallLimits(this);
        }
    }
}
