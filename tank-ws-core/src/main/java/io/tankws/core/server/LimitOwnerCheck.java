package io.tankws.core.server;

import io.tankws.HandshakeHandler;
import io.tankws.Manager;
import io.tankws.ServerLimits;
import io.tankws.core.concurrent.UserCallLimits;
import io.tankws.core.handshake.AttachedManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The check that a server sets no limit of user calls that has no effect. A path that leads to a manager has the limits
 * of that manager, so these limits have no effect if all paths lead to managers. A value that is the default, or that
 * of the manager, is allowed.
 */
final class LimitOwnerCheck {
    private static final Map<String, Object> DEFAULTS =
            UserCallLimits.of(ServerLimits.defaults()).byName();

    private LimitOwnerCheck() {}

    /**
     * Checks the limits of a server against the handlers of its paths.
     *
     * @throws IllegalStateException if a limit has no effect
     */
    static void check(ServerLimits limits, Map<String, HandshakeHandler> handlers) {
        if (!handlers.values().stream().allMatch(handler -> manager(handler) != null)) {
            return;
        }
        List<String> problems = new ArrayList<>();
        handlers.forEach(
                (path, handler) -> problems.addAll(problems(limits, path, Objects.requireNonNull(manager(handler)))));
        if (!problems.isEmpty()) {
            throw new IllegalStateException(String.join(". ", problems));
        }
    }

    private static @Nullable Manager manager(HandshakeHandler handler) {
        return handler instanceof Manager manager ? manager : AttachedManager.of(handler);
    }

    private static List<String> problems(ServerLimits limits, String path, Manager manager) {
        Map<String, Object> ofManager = UserCallLimits.of(manager.limits()).byName();
        List<String> problems = new ArrayList<>();
        UserCallLimits.of(limits).byName().forEach((limit, value) -> {
            if (!value.equals(DEFAULTS.get(limit)) && !value.equals(ofManager.get(limit))) {
                problems.add("the limit " + limit + " of the path " + path + " must be that of its manager, "
                        + ofManager.get(limit) + ", but was " + value
                        + " on the server; set it with Manager.Builder.limits alone");
            }
        });
        return problems;
    }
}
