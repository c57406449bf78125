package io.tankws.spi;

import java.util.Set;

/**
 * The service through which a backplane module is found, declared with {@code provides} in its {@code module-info}
 * and in {@code META-INF/services} for the class path. Loading a provider must not load the library that its
 * backplane uses.
 *
 * <p>Implemented by backplanes.
 */
public interface BackplaneProvider {
    /**
     * Returns the name of this backplane.
     *
     * @return lower-case words joined by hyphens
     */
    String name();

    /**
     * Returns the URI schemes by which applications choose this backplane.
     *
     * @return at least one scheme, in lower case
     */
    Set<String> schemes();

    /**
     * Creates a backplane that does not connect yet.
     *
     * @param config the address, the cluster and the node
     * @return a new backplane
     * @throws io.tankws.LibraryVersionException if the version of its library on the path is not supported
     * @throws IllegalArgumentException if the URI is invalid; the message must not contain a password
     */
    Backplane create(BackplaneConfig config);
}
