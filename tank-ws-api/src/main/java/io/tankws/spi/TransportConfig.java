package io.tankws.spi;

import io.tankws.Limits;
import io.tankws.Tls;
import java.util.Objects;
import java.util.Optional;

/**
 * Where a transport listens, and within which bounds.
 *
 * @param host a name or an address of this machine
 * @param port 0 to 65535; 0 for any free one
 * @param limits of these, a transport holds those of the request head itself, and gets those of messages with each
 *     {@link AcceptOptions}
 * @param tls empty for an unencrypted port, and always empty on a transport without {@link Capability#TLS}
 */
public record TransportConfig(String host, int port, Limits limits, Optional<Tls> tls) {
    /**
     * Checks.
     *
     * @param host {@link #host()}
     * @param port {@link #port()}
     * @param limits {@link #limits()}
     * @param tls {@link #tls()}
     * @throws IllegalArgumentException if the port is out of range
     */
    public TransportConfig {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(limits, "limits");
        Objects.requireNonNull(tls, "tls");
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("a port is within 0 and 65535, not " + port);
        }
    }

    /**
     * Makes one without encryption.
     *
     * @param host {@link #host()}
     * @param port {@link #port()}
     * @param limits {@link #limits()}
     */
    public TransportConfig(String host, int port, Limits limits) {
        this(host, port, limits, Optional.empty());
    }
}
