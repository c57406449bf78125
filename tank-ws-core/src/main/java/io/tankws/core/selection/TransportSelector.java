package io.tankws.core.selection;

import io.tankws.TransportSelectionException;
import io.tankws.spi.TransportProvider;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The choice of the transport: by name, or the only one. There are no priorities: two transports without a name are
 * an error.
 */
public final class TransportSelector {
    static final String PROPERTY = "io.tankws.transport";

    private static final Logger LOG = LoggerFactory.getLogger("io.tankws");
    private static final String WAYS = "keep a single transport on the path, name one with TankWs.serve(name) or -D"
            + PROPERTY + "=<name>, or pass one with TankWs.serve(provider).";
    private static final String ARTIFACTS =
            "io.tankws:tank-ws-transport-jetty or io.tankws:tank-ws-transport-javawebsocket";

    private static final String LIBRARIES =
            "Its own libraries must be on the path too: org.eclipse.jetty.websocket:jetty-websocket-core-server for"
                    + " jetty, org.java-websocket:Java-WebSocket for java-websocket.";

    private TransportSelector() {}

    /** Describes the failure of a selected provider whose libraries are missing. */
    public static TransportSelectionException unusable(TransportProvider provider, LinkageError cause) {
        return new TransportSelectionException(
                "The tank-ws transport " + describe(provider) + " cannot be used: " + cause + "\n" + LIBRARIES, cause);
    }

    /** Selects the transport that the system property names, or the only one. */
    public static TransportProvider select() {
        String named = System.getProperty(PROPERTY);
        return select(load(), named, "-D" + PROPERTY + "=" + named);
    }

    public static TransportProvider select(String name) {
        return select(load(), name, "TankWs.serve(\"" + name + "\")");
    }

    /**
     * Selects a transport.
     *
     * @param name name, or {@code null} for the only transport
     * @param asker origin of the name, for error texts
     */
    static TransportProvider select(List<TransportProvider> found, @Nullable String name, String asker) {
        Map<String, TransportProvider> byName = new HashMap<>();
        for (TransportProvider provider : found) {
            TransportProvider twin = byName.put(provider.name(), provider);
            if (twin != null) {
                throw new TransportSelectionException("Two tank-ws transports are named '" + provider.name() + "':"
                        + list(List.of(twin, provider)) + "\nRemove one of them from the path.");
            }
        }
        TransportProvider chosen = name != null ? byName.get(name) : found.size() == 1 ? found.get(0) : null;
        if (chosen == null) {
            throw new TransportSelectionException(complaint(found, name, asker));
        }
        LOG.info("transport {}", describe(chosen));
        return chosen;
    }

    private static String complaint(List<TransportProvider> found, @Nullable String name, String asker) {
        String requested = name == null ? "" : " named '" + name + "' (asked for by " + asker + ")";
        if (found.isEmpty()) {
            return "No tank-ws transport" + requested + " found; there is none at all. Add " + ARTIFACTS
                    + " to the module path or class path, or pass one with TankWs.serve(provider).";
        }
        if (name != null) {
            return "No tank-ws transport" + requested + ". Found:" + list(found) + "\nChoose one of these: " + WAYS;
        }
        return "Found " + found.size() + " tank-ws transports:" + list(found) + "\nChoose one: " + WAYS;
    }

    private static List<TransportProvider> load() {
        List<TransportProvider> found = new ArrayList<>();
        // The loader is that of the library, not of the thread, because the choice must not depend on the caller.
        Iterator<TransportProvider> providers = ServiceLoader.load(
                        TransportProvider.class, TransportSelector.class.getClassLoader())
                .iterator();
        try {
            while (providers.hasNext()) {
                found.add(providers.next());
            }
        } catch (ServiceConfigurationError | LinkageError e) {
            throw new TransportSelectionException(
                    "A tank-ws transport failed to load: " + e.getMessage() + ProviderDescriptions.rootOf(e)
                            + "\n" + LIBRARIES + " Found before it:"
                            + (found.isEmpty() ? " none" : list(found)),
                    e);
        }
        return found;
    }

    private static String list(List<TransportProvider> providers) {
        return ProviderDescriptions.list(providers, TransportSelector::describe);
    }

    private static String describe(TransportProvider provider) {
        return ProviderDescriptions.describe(provider.name(), provider);
    }
}
