package io.tankws.spi.support;

import io.tankws.HandshakeHandler;
import io.tankws.Refusal;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The handlers of a transport's paths, compared in the form of {@link PercentEncoding#normalizePath}. Every transport
 * uses this class, so that a path means the same on all of them. The number of handlers is the application's. Safe
 * for use by several threads.
 *
 * <p>For transports; not to be extended.
 */
public final class PathHandlers {
    private static final HandshakeHandler MALFORMED =
            handshake -> handshake.refuse(new Refusal(400, "the path must be normalized, percent-encoded UTF-8"));

    private final Map<String, HandshakeHandler> handlers = new ConcurrentHashMap<>();

    /** Creates a table without paths. */
    public PathHandlers() {}

    /**
     * Adds a path or replaces its handler.
     *
     * @param path with or without percent-encoding
     * @param handler gets the handshakes of the path
     * @throws IllegalArgumentException if the path cannot be normalized
     */
    public void handle(String path, HandshakeHandler handler) {
        handlers.put(
                PercentEncoding.normalizePath(Objects.requireNonNull(path, "path")),
                Objects.requireNonNull(handler, "handler"));
    }

    /**
     * Returns the handler of a request.
     *
     * @param path as sent
     * @return empty if no path is equal; for a malformed path a handler that refuses with 400
     */
    public Optional<HandshakeHandler> find(String path) {
        HandshakeHandler exact = handlers.get(path);
        if (exact != null) {
            return Optional.of(exact);
        }
        try {
            return Optional.ofNullable(handlers.get(PercentEncoding.normalizePath(path)));
        } catch (IllegalArgumentException e) {
            return Optional.of(MALFORMED);
        }
    }

    /**
     * Returns the handler of a request, where other handlers get the requests to all other paths.
     *
     * @param path as sent
     * @return empty if no path is equal or the path is malformed
     */
    public Optional<HandshakeHandler> findAdded(String path) {
        return find(path).filter(handler -> handler != MALFORMED);
    }
}
