package io.tankws;

/**
 * A protocol that clients speak on a route. A protocol module offers objects of this type to applications.
 *
 * <p>Implemented by applications only as {@code io.tankws.spi.ClientProtocol}, which extends this type.
 */
public interface RouteProtocol {
    /**
     * Returns the name by which applications choose this protocol.
     *
     * @return lower-case words joined by hyphens
     */
    String name();
}
