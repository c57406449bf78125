package io.tankws.testkit;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The HTTP response of a server.
 *
 * @param status the HTTP status
 * @param headers names in any case to their values
 * @param body the body as text
 */
public record HttpReply(int status, Map<String, List<String>> headers, String body) {
    /**
     * Copies.
     *
     * @param status {@link #status()}
     * @param headers {@link #headers()}
     * @param body {@link #body()}
     */
    public HttpReply {
        Map<String, List<String>> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        copy.putAll(headers);
        headers = Collections.unmodifiableMap(copy);
    }

    /**
     * Returns the first value of a header.
     *
     * @param name in any case
     * @return empty if it is not there
     */
    public Optional<String> header(String name) {
        return headers.getOrDefault(name, List.of()).stream().findFirst();
    }
}
