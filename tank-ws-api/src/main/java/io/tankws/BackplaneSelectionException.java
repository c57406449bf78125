package io.tankws;

import org.jspecify.annotations.Nullable;

/**
 * The failure to choose a backplane: no provider, or more than one, supports the URI of a {@link ClusterConfig}. The
 * message lists the backplanes found and says how to fix it.
 *
 * <p>Created by this library; not to be extended.
 */
public final class BackplaneSelectionException extends TankWsException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception. For this library.
     *
     * @param message the backplanes found, and how to fix it
     * @param cause the failure that a provider threw, or {@code null} if none did
     */
    public BackplaneSelectionException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
