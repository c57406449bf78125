package io.tankws.spi;

/**
 * The service that a transport module provides, by {@code provides} in its {@code module-info} and by
 * {@code META-INF/services} for the class path. Loading one costs nothing but the class.
 */
public interface TransportProvider {
    /**
     * Returns the name by which applications choose this transport.
     *
     * @return lower-case words joined by hyphens
     */
    String name();

    /**
     * Makes a transport that does not listen yet.
     *
     * @param config where and within which bounds
     * @return a new transport
     * @throws UnsupportedOperationException if {@link TransportConfig#tls()} is set and this transport has no TLS
     */
    Transport create(TransportConfig config);
}
