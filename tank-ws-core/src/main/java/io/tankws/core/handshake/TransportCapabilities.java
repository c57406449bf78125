package io.tankws.core.handshake;

import io.tankws.Compression;
import io.tankws.HandshakeHandler;
import io.tankws.Tls;
import io.tankws.TransportSelectionException;
import io.tankws.Upgrader;
import io.tankws.spi.Capability;
import io.tankws.spi.TransportProvider;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The capabilities of the transport of a server, with checks of the requested ones. */
public record TransportCapabilities(String transport, Set<Capability> capabilities) {
    private static final Logger LOG = LoggerFactory.getLogger("io.tankws");

    /** Capabilities of a server of the application. Only the Jetty transport can be mounted there. */
    public static final TransportCapabilities MOUNTED =
            new TransportCapabilities("mounted", Set.of(Capability.values()));

    public static TransportCapabilities of(TransportProvider provider) {
        return new TransportCapabilities(provider.name(), Set.copyOf(provider.capabilities()));
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

    /** Describes a missing capability with the transport, the request and a transport that has it. */
    private String missing(Capability capability, String request) {
        return "the " + transport + " transport cannot " + capability.description() + ", but " + request
                + "; use a transport that can, such as jetty of io.tankws:tank-ws-transport-jetty";
    }

    /**
     * Checks the upgrader of a path, now and at each change.
     *
     * @throws TransportSelectionException if it requires a missing capability
     */
    public void attach(String path, HandshakeHandler handler) {
        AttachedManager manager = AttachedManager.of(handler);
        if (manager != null) {
            check("the path " + path, manager.upgrader());
            manager.servedBy(this);
        }
    }

    /**
     * Returns the reason for which a manager cannot serve a handshake that a handler of the application has passed on.
     *
     * @return the reason, or empty if it can
     */
    public String contradiction(Upgrader upgrader) {
        return upgrader.compressionUse() == Compression.REQUIRED && !capabilities.contains(Capability.COMPRESSION)
                ? withoutCompression("this handshake")
                : "";
    }

    /**
     * Checks that the transport can do what an upgrader requires, and logs the settings that have no effect.
     *
     * @throws TransportSelectionException if the upgrader requires compression and the transport has none
     */
    public void check(String owner, Upgrader upgrader) {
        if (!capabilities.contains(Capability.COMPRESSION) && upgrader.compression()) {
            if (upgrader.compressionUse() == Compression.REQUIRED) {
                throw new TransportSelectionException(withoutCompression(owner));
            }
            LOG.warn("The {} transport has no compression: connections to {} are not compressed", transport, owner);
        }
        Upgrader defaults = Upgrader.defaults();
        boolean hasSizes = upgrader.readBufferSize() != defaults.readBufferSize()
                || upgrader.writeBufferSize() != defaults.writeBufferSize();
        if (hasSizes && !capabilities.contains(Capability.BUFFER_SIZES)) {
            LOG.info("The {} transport ignores the buffer sizes of the upgrader of {}", transport, owner);
        }
    }

    private String withoutCompression(String owner) {
        return missing(Capability.COMPRESSION, "the upgrader of " + owner + " requires it")
                + ", or Compression.IF_AVAILABLE";
    }
}
