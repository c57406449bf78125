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
     * Tells whether its transports can encrypt. Where they cannot, a server that is told to does not start.
     *
     * @return {@code false}, so that a provider which does not know of encryption never listens without it by mistake
     */
    default boolean hasTls() {
        return false;
    }

    /**
     * Returns whether its transports can compress with permessage-deflate (RFC 7692) within bounds.
     *
     * @return {@code false}, so that a server on a provider which does not know of compression says that there is none
     */
    default boolean hasCompression() {
        return false;
    }

    /**
     * Returns whether its transports follow the buffer sizes of an {@link AcceptOptions}.
     *
     * @return {@code false}, so that a server on a provider which does not know of them says that they have no effect
     */
    default boolean hasBufferSizes() {
        return false;
    }

    /**
     * Makes a transport that does not listen yet.
     *
     * @param config where and within which bounds
     * @return a new transport
     * @throws io.tankws.LibraryVersionException if its library is on the path in a version that it cannot work with
     */
    Transport create(TransportConfig config);
}
