package io.tankws.core.handshake;

import io.tankws.Compression;
import io.tankws.HandshakeHandler;
import io.tankws.Limit;
import io.tankws.Limits;
import io.tankws.Manager;
import io.tankws.Tls;
import io.tankws.TransportSelectionException;
import io.tankws.Upgrader;
import io.tankws.core.manager.DefaultManager;
import io.tankws.spi.Capability;
import io.tankws.spi.TransportProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The limits of a server and the abilities of its transport, and what of them contradicts the managers of its paths.
 *
 * @param limits {@code null} for a server of the application that a transport is mounted on
 */
public record ServerTerms(String transport, Limits limits, Set<Capability> capabilities) {
    private static final Logger LOG = LoggerFactory.getLogger("io.tankws");

    /** Of the transports, only Jetty's can be mounted. */
    public static final ServerTerms MOUNTED = new ServerTerms("mounted", null, Set.of(Capability.values()));

    private static final String SET_ON_MANAGER = "; set it with Manager.Builder.limits alone";
    private static final String SET_ON_SERVER = "; set it with WebSocketServer.Builder.limits alone";

    public static ServerTerms of(TransportProvider provider, Limits limits) {
        return new ServerTerms(provider.name(), limits, Set.copyOf(provider.capabilities()));
    }

    /**
     * Checks that the transport can do what a TLS configuration asks for.
     *
     * @throws TransportSelectionException if the transport lacks a capability
     */
    public void check(Tls tls) {
        if (!capabilities.contains(Capability.TLS)) {
            throw new TransportSelectionException(missing(Capability.TLS, "Builder.tls requests it")
                    + ", or put a TLS proxy in front of this server");
        }
        if (tls.clientCertificates() != Tls.ClientCertificates.NONE
                && !capabilities.contains(Capability.CLIENT_CERTIFICATES)) {
            throw new TransportSelectionException(
                    missing(Capability.CLIENT_CERTIFICATES, "Tls.clientCertificates requests it"));
        }
    }

    /** Names the transport, the request, and a transport that can; of those of this library only Jetty's has capabilities. */
    private String missing(Capability capability, String request) {
        return "the " + transport + " transport cannot " + capability.description() + ", but " + request
                + "; use a transport that can, such as jetty of io.tankws:tank-ws-transport-jetty";
    }

    public ServerTerms withoutLimits() {
        return new ServerTerms(transport, null, capabilities);
    }

    /**
     * Checks the limits of all paths of the server.
     *
     * @throws IllegalStateException if a limit is set where it has no effect and is not the one in effect
     */
    public void check(Map<String, HandshakeHandler> handlers) {
        boolean callsHandlers = handlers.values().stream().anyMatch(handler -> !(handler instanceof DefaultManager));
        boolean hasManagers = handlers.values().stream().anyMatch(Manager.class::isInstance);
        List<String> contradictions = new ArrayList<>();
        handlers.forEach((path, handler) -> {
            if (handler instanceof Manager manager) {
                addContradictions(contradictions, "the path " + path, manager.limits(), callsHandlers);
            } else if (!hasManagers) {
                addWithoutEffect(contradictions, path);
            }
        });
        if (!contradictions.isEmpty()) {
            throw new IllegalStateException(String.join(". ", contradictions));
        }
    }

    /**
     * Checks the upgrader of a path, now and at each change.
     *
     * @throws TransportSelectionException if it requires what the transport cannot do
     */
    public void attach(String path, HandshakeHandler handler) {
        if (handler instanceof DefaultManager manager) {
            check("the path " + path, manager.upgrader());
            manager.servedBy(this);
        }
    }

    private void addContradictions(List<String> to, String whose, Limits ofManager, boolean callsHandlers) {
        for (Limit limit : limits.named()) {
            boolean isOurs = limit.scope() == Limit.Scope.SERVER || limit.scope() == Limit.Scope.CALL && callsHandlers;
            if (!isOurs && differs(limit, ofManager)) {
                to.add("the limit " + limit + " of " + whose + " must be that of its manager, " + limit.of(ofManager)
                        + ", but was " + limit.of(limits) + " on the server" + SET_ON_MANAGER);
            }
        }
        for (Limit limit : ofManager.named()) {
            if (limit.scope() == Limit.Scope.SERVER && differs(limit, ofManager)) {
                to.add("the limit " + limit + " of " + whose + " must be that of its server, " + limit.of(limits)
                        + ", but was " + limit.of(ofManager) + " on the manager" + SET_ON_SERVER);
            }
        }
    }

    private boolean differs(Limit limit, Limits ofManager) {
        return !limit.of(limits).equals(limit.of(ofManager));
    }

    private void addWithoutEffect(List<String> to, String path) {
        for (Limit limit : limits.named()) {
            if (limit.scope() == Limit.Scope.CLIENT || limit.scope() == Limit.Scope.MANAGER) {
                to.add("the limit " + limit + " must not be set on the server, where it has no effect, but was "
                        + limit.of(limits) + ": the handler of the path " + path + " is no manager" + SET_ON_MANAGER);
            }
        }
    }

    /** Returns what contradicts a manager that was not known when its path was added; empty if nothing does. */
    public String contradiction(Limits ofManager, Upgrader upgrader) {
        List<String> contradictions = new ArrayList<>(0);
        if (limits != null) {
            addContradictions(contradictions, "this handshake", ofManager, true);
        } else {
            addMounted(contradictions, ofManager);
        }
        if (upgrader.compressionUse() == Compression.REQUIRED && !capabilities.contains(Capability.COMPRESSION)) {
            contradictions.add(withoutCompression("this handshake"));
        }
        return String.join(". ", contradictions);
    }

    private static void addMounted(List<String> to, Limits ofManager) {
        for (Limit limit : ofManager.named()) {
            if (limit.scope() == Limit.Scope.SERVER) {
                to.add("the limit " + limit
                        + " must not be set on a manager that is mounted on a server of the application, but" + " was "
                        + limit.of(ofManager) + "; configure that server instead");
            }
        }
    }

    /**
     * Checks that the transport can do what an upgrader requires, and logs what of its wishes has no effect.
     *
     * @throws TransportSelectionException if the upgrader requires compression and there is none
     */
    public void check(String whose, Upgrader upgrader) {
        if (!capabilities.contains(Capability.COMPRESSION) && upgrader.compression()) {
            if (upgrader.compressionUse() == Compression.REQUIRED) {
                throw new TransportSelectionException(withoutCompression(whose));
            }
            LOG.warn("The {} transport has no compression: connections to {} are not compressed", transport, whose);
        }
        Upgrader defaults = Upgrader.defaults();
        boolean hasSizes = upgrader.readBufferSize() != defaults.readBufferSize()
                || upgrader.writeBufferSize() != defaults.writeBufferSize();
        if (hasSizes && !capabilities.contains(Capability.BUFFER_SIZES)) {
            LOG.info("The {} transport ignores the buffer sizes of the upgrader of {}", transport, whose);
        }
    }

    private String withoutCompression(String whose) {
        return missing(Capability.COMPRESSION, "the upgrader of " + whose + " requires it")
                + ", or Compression.IF_AVAILABLE";
    }
}
