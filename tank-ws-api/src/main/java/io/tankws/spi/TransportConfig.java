package io.tankws.spi;

import io.tankws.ServerLimits;
import io.tankws.Tls;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The address that a transport listens on, its limits and its encryption. Immutable. */
public final class TransportConfig {
    private final String host;
    private final int port;
    private final ServerLimits limits;
    /** {@code null} for an unencrypted port. */
    private final @Nullable Tls tls;

    private TransportConfig(String host, int port, ServerLimits limits, @Nullable Tls tls) {
        this.host = Objects.requireNonNull(host, "host");
        this.port = port;
        this.limits = Objects.requireNonNull(limits, "limits");
        this.tls = tls;
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port must be between 0 and 65535, but was " + port);
        }
    }

    /**
     * Creates a configuration without encryption and with {@link ServerLimits#defaults()}.
     *
     * @param host a name or an address of this machine
     * @param port 0 to 65535; 0 for any free port
     * @return a configuration
     * @throws IllegalArgumentException if the port is out of range
     */
    public static TransportConfig of(String host, int port) {
        return new TransportConfig(host, port, ServerLimits.defaults(), null);
    }

    /**
     * Returns a configuration with other limits.
     *
     * @param limits instead of {@link ServerLimits#defaults()}
     * @return a changed copy
     */
    public TransportConfig withLimits(ServerLimits limits) {
        return new TransportConfig(host, port, limits, tls);
    }

    /**
     * Returns a configuration with encryption, for a transport with {@link Capability#TLS}.
     *
     * @param tls the key of the server, and whether clients show certificates
     * @return a changed copy
     */
    public TransportConfig withTls(Tls tls) {
        return new TransportConfig(host, port, limits, Objects.requireNonNull(tls, "tls"));
    }

    /** {@return a name or an address of this machine} */
    public String host() {
        return host;
    }

    /** {@return the port, 0 to 65535; 0 for any free port} */
    public int port() {
        return port;
    }

    /**
     * Returns the limits of sockets and request heads, which the transport enforces. It gets the limits of each
     * connection with {@link AcceptOptions}.
     *
     * @return the limits of the server
     */
    public ServerLimits limits() {
        return limits;
    }

    /** {@return the encryption; empty for an unencrypted port} */
    public Optional<Tls> tls() {
        return Optional.ofNullable(tls);
    }

    @Override
    public String toString() {
        return "TransportConfig[" + host + ":" + port + (tls == null ? "" : " with TLS") + "]";
    }
}
