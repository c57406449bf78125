package io.tankws.core.concurrent;

import io.tankws.HandshakeHandler;
import io.tankws.Manager;
import io.tankws.ManagerLimits;
import io.tankws.ServerLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

    /**
     * Checks that a server does not set these limits where they have no effect: when all its paths lead to managers. A
     * value that is the default, or that of the manager, does no harm.
     *
     * @throws IllegalStateException if it does
     */
    public static void checkEffect(ServerLimits ofServer, Map<String, HandshakeHandler> handlers) {
        if (!handlers.values().stream().allMatch(Manager.class::isInstance)) {
            return;
        }
        List<String> problems = new ArrayList<>();
        Map<String, Object> server = of(ofServer).byName();
        Map<String, Object> defaults = of(ServerLimits.defaults()).byName();
        handlers.forEach((path, handler) -> {
            Map<String, Object> manager = of(((Manager) handler).limits()).byName();
            server.forEach((limit, value) -> {
                if (!value.equals(defaults.get(limit)) && !value.equals(manager.get(limit))) {
                    problems.add("the limit " + limit + " of the path " + path + " must be that of its manager, "
                            + manager.get(limit) + ", but was " + value
                            + " on the server; set it with Manager.Builder.limits alone");
                }
            });
        });
        if (!problems.isEmpty()) {
            throw new IllegalStateException(String.join(". ", problems));
        }
    }

    private Map<String, Object> byName() {
        return Map.of(
                "authenticationTimeout", timeout,
                "pendingHandshakes", maxPending,
                "callbackThreads", threads,
                "maxAbandonedCalls", maxAbandoned);
    }
}
