package io.tankws.spi;

import java.util.Set;

/**
 * The service that a backplane module provides, by {@code provides} in its {@code module-info} and by
 * {@code META-INF/services} for the class path. Loading one costs nothing but the class.
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
     * @return in lower case, at least one
     */
    Set<String> schemes();

    /**
     * Makes a backplane that does not connect yet.
     *
     * @param config where it is and for whom
     * @return a new backplane
     * @throws io.tankws.LibraryVersionException if its library is on the path in a version that it cannot work with
     * @throws IllegalArgumentException if it cannot make sense of the URI; the text must not hold a password
     */
    Backplane create(BackplaneConfig config);
}
