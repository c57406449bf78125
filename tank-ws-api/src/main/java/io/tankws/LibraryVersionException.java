package io.tankws;

import org.jspecify.annotations.Nullable;

/**
 * The failure of a transport or backplane to work with the version of its library that is on the path. The message
 * names the required and the found versions, and says how to fix it. Thrown at start, before a port is bound or a
 * connection made.
 *
 * <p>Created by transports and backplanes; not to be extended.
 */
public final class LibraryVersionException extends TankWsException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception. For transports and backplanes.
     *
     * @param message the required and the found versions, and how to fix it
     * @param cause the error that the missing part of the library caused, or {@code null} if only its version is
     *     wrong
     */
    public LibraryVersionException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
