package io.tankws;

import org.jspecify.annotations.Nullable;

/**
 * The failure to choose a protocol by its name. The message lists the protocols found and says how to fix it.
 *
 * <p>Created by this library; not to be extended.
 */
public final class ProtocolSelectionException extends TankWsException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception. For this library.
     *
     * @param message the protocols found, and how to fix it
     * @param cause the failure that a protocol threw, or {@code null} if none did
     */
    public ProtocolSelectionException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
