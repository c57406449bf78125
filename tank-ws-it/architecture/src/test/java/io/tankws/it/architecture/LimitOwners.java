package io.tankws.it.architecture;

import io.tankws.ClientLimits;
import io.tankws.ManagerLimits;
import io.tankws.ServerLimits;
import io.tankws.TopicOptions;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The limits of the code, and the text that the guide has for their owner. */
final class LimitOwners {
    private static final Set<String> OTHER_METHODS = Set.of("defaults", "builder", "toBuilder", "hashCode", "toString");

    private LimitOwners() {}

    /** Returns the last cell of each limit's row in the guide, by the name of the limit. */
    static Map<String, String> byLimit() {
        Map<String, String> owners = new TreeMap<>();
        names(ServerLimits.class).forEach(limit -> owners.put(limit, "| `ServerLimits` |"));
        names(ClientLimits.class).forEach(limit -> owners.put(limit, "| `ClientLimits` |"));
        names(ManagerLimits.class)
                .forEach(limit -> owners.merge(
                        limit, "| `ManagerLimits` |", (ofServer, ofManager) -> "| `ManagerLimits`, `ServerLimits` |"));
        names(TopicOptions.class)
                .filter(name -> name.startsWith("history") || name.equals("leaveGrace"))
                .forEach(limit -> owners.put(limit, "| `TopicOptions` |"));
        return owners;
    }

    private static Stream<String> names(Class<?> limits) {
        return Arrays.stream(limits.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()) && method.getParameterCount() == 0)
                .map(Method::getName)
                .filter(name -> !OTHER_METHODS.contains(name));
    }
}
