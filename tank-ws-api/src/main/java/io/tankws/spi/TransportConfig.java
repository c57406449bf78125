package io.tankws.spi;

import io.tankws.Limits;
import java.util.Objects;

/**
 * Where a transport listens, and within which bounds.
 *
 * @param host a name or an address of this machine
 * @param port 0 to 65535; 0 for any free one
 * @param limits of these, a transport holds those of the request head itself, and gets those of messages with each
 *     {@link Acceptance}
 */
public record TransportConfig(String host, int port, Limits limits) {
    /**
     * Checks.
     *
     * @param host {@link #host()}
     * @param port {@link #port()}
     * @param limits {@link #limits()}
     * @throws IllegalArgumentException if the port is out of range
     */
    public TransportConfig {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(limits, "limits");
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("a port is within 0 and 65535, not " + port);
        }
    }
}
