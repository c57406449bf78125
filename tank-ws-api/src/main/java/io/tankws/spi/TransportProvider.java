package io.tankws.spi;

import java.util.Set;

/**
 * The service through which a transport module is found, declared with {@code provides} in its {@code module-info}
 * and in {@code META-INF/services} for the class path. Loading a provider must not load the library that its
 * transport uses.
 *
 * <p>Implemented by transports.
 */
public interface TransportProvider {
    /**
     * Returns the name by which applications choose this transport.
     *
     * @return lower-case words joined by hyphens
     */
    String name();

    /**
     * Returns the optional abilities of its transports. A server that needs an ability which is missing here does not
     * start.
     *
     * @return an immutable set; empty by default, so that a provider which does not know an ability never claims it
     */
    default Set<Capability> capabilities() {
        return Set.of();
    }

    /**
     * Creates a transport that does not listen yet.
     *
     * @param config the address and the bounds
     * @return a new transport
     * @throws io.tankws.LibraryVersionException if the version of its library on the path is not supported
     */
    Transport create(TransportConfig config);
}
