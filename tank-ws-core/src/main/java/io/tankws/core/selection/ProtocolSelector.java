package io.tankws.core.selection;

import io.tankws.ProtocolSelectionException;
import io.tankws.spi.ClientProtocol;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The choice of a protocol: the only one with a name. There are no priorities. */
public final class ProtocolSelector {
    private static final Logger LOG = LoggerFactory.getLogger("io.tankws");
    private static final String WAYS =
            "Add the module of the protocol to the module path or class path, or pass a protocol with"
                    + " manager.endpoint(protocol).";

    private ProtocolSelector() {}

    public static ClientProtocol select(String name) {
        return select(load(), name);
    }

    static ClientProtocol select(List<ClientProtocol> found, String name) {
        List<ClientProtocol> named =
                found.stream().filter(protocol -> protocol.name().equals(name)).toList();
        if (named.size() > 1) {
            throw new ProtocolSelectionException(
                    named.size() + " tank-ws protocols are named '" + name + "':" + list(named)
                            + "\nRemove all but one from the path, or pass one with manager.endpoint(protocol).",
                    null);
        }
        if (named.isEmpty()) {
            throw new ProtocolSelectionException(
                    "No tank-ws protocol named '" + name + "' (asked for by manager.endpoint(\"" + name + "\")). Found:"
                            + (found.isEmpty() ? " none." : list(found)) + "\n" + WAYS,
                    null);
        }
        LOG.info("protocol {}", describe(named.get(0)));
        return named.get(0);
    }

    private static List<ClientProtocol> load() {
        List<ClientProtocol> found = new ArrayList<>();
        // The loader is that of the library, not of the thread, because the choice must not depend on the caller.
        Iterator<ClientProtocol> protocols = ServiceLoader.load(
                        ClientProtocol.class, ProtocolSelector.class.getClassLoader())
                .iterator();
        try {
            while (protocols.hasNext()) {
                ClientProtocol protocol = protocols.next();
                // Its libraries may turn out to be missing only now.
                protocol.name();
                found.add(protocol);
            }
        } catch (ServiceConfigurationError | LinkageError e) {
            throw new ProtocolSelectionException(
                    "A tank-ws protocol failed to load: " + e.getMessage() + ProviderDescriptions.rootOf(e)
                            + "\nIts own libraries must be on the path too. Found before it:"
                            + (found.isEmpty() ? " none" : list(found)),
                    e);
        }
        return found;
    }

    private static String list(List<ClientProtocol> protocols) {
        return ProviderDescriptions.list(protocols, ProtocolSelector::describe);
    }

    private static String describe(ClientProtocol protocol) {
        return ProviderDescriptions.describe(protocol.name(), protocol);
    }
}
