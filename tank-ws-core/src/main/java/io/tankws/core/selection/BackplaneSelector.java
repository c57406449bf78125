package io.tankws.core.selection;

import io.tankws.BackplaneSelectionException;
import io.tankws.ClusterConfig;
import io.tankws.spi.Backplane;
import io.tankws.spi.BackplaneConfig;
import io.tankws.spi.BackplaneProvider;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The choice of the backplane: the only provider with the scheme of the cluster URI. There are no priorities. */
public final class BackplaneSelector {
    private static final Logger LOG = LoggerFactory.getLogger("io.tankws");
    private static final String ADD = "Add io.tankws:tank-ws-backplane-redis for redis://, or pass a backplane with"
            + " TankWs.builder(provider).";
    private static final String BEGIN = "Begin the cluster's URI with one of these schemes, such as"
            + " redis://127.0.0.1:6379, or pass a backplane with TankWs.builder(provider).";

    private static final String LIBRARIES =
            "Its own libraries must be on the path too: io.lettuce:lettuce-core with Netty" + " for redis.";

    private BackplaneSelector() {}

    public static BackplaneProvider select(ClusterConfig cluster) {
        return select(load(), cluster);
    }

    static BackplaneProvider select(List<BackplaneProvider> found, ClusterConfig cluster) {
        List<BackplaneProvider> speaking = found.stream()
                .filter(provider -> provider.schemes().contains(cluster.scheme()))
                .toList();
        if (speaking.size() > 1) {
            throw new BackplaneSelectionException(
                    speaking.size() + " tank-ws backplanes speak " + cluster.scheme() + ":" + list(speaking)
                            + "\nRemove all but one from the path, or pass one with TankWs.builder(provider).",
                    null);
        }
        if (speaking.isEmpty()) {
            throw new BackplaneSelectionException(
                    "No tank-ws backplane speaks " + cluster.scheme() + ". Found:"
                            + (found.isEmpty() ? " none.\n" + ADD : list(found) + "\n" + BEGIN),
                    null);
        }
        LOG.info("backplane {}", describe(speaking.get(0)));
        return speaking.get(0);
    }

    /** Creates a backplane. A provider loads without its client library, so a missing library shows only here. */
    public static Backplane create(BackplaneProvider provider, BackplaneConfig config) {
        try {
            return provider.create(config);
        } catch (LinkageError e) {
            throw new BackplaneSelectionException(
                    "The tank-ws backplane " + describe(provider) + " cannot be used: " + e + "\n" + LIBRARIES, e);
        }
    }

    private static List<BackplaneProvider> load() {
        List<BackplaneProvider> found = new ArrayList<>();
        // The loader is that of the library, not of the thread, because the choice must not depend on the caller.
        Iterator<BackplaneProvider> providers = ServiceLoader.load(
                        BackplaneProvider.class, BackplaneSelector.class.getClassLoader())
                .iterator();
        try {
            while (providers.hasNext()) {
                BackplaneProvider provider = providers.next();
                // Its libraries may turn out to be missing only now.
                provider.schemes();
                found.add(provider);
            }
        } catch (ServiceConfigurationError | LinkageError e) {
            throw new BackplaneSelectionException(
                    "A tank-ws backplane failed to load: " + e.getMessage() + ProviderDescriptions.rootOf(e)
                            + "\n" + LIBRARIES + " Found before it:"
                            + (found.isEmpty() ? " none" : list(found)),
                    e);
        }
        return found;
    }

    private static String list(List<BackplaneProvider> providers) {
        return ProviderDescriptions.list(providers, BackplaneSelector::describe);
    }

    private static String describe(BackplaneProvider provider) {
        return ProviderDescriptions.describe(
                provider.name() + " for "
                        + String.join(", ", provider.schemes().stream().sorted().toList()),
                provider);
    }
}
