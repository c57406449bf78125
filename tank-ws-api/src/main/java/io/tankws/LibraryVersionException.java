package io.tankws;

/**
 * A library that a transport or backplane uses is on the path in a version that it cannot work with. The text names the
 * versions wanted and found, and what to do. Thrown at the start, before a port is bound or a connection made.
 */
public final class LibraryVersionException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message the versions wanted and found, and what to do
     * @param cause what the library lacks, or {@code null} if its version alone is wrong
     */
    public LibraryVersionException(String message, Throwable cause) {
        super(message, cause);
    }
}
