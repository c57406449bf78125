package io.tankws.backplane.redis;

import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Where Redis is. */
record RedisAddress(boolean sharded, List<RedisURI> uris) {
    static final Set<String> SCHEMES =
            Set.of("redis", "rediss", "redis-sentinel", "rediss-sentinel", "redis-cluster", "rediss-cluster");

    /** For one answer within a connection's beginning. */
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private static final String CLUSTER = "-cluster";

    /**
     * Reads a URI.
     *
     * @throws IllegalArgumentException if it makes no sense; the text does not repeat it, since it may hold a password
     */
    static RedisAddress parse(String uri) {
        int end = uri.indexOf("://");
        String scheme = end < 0 ? "" : uri.substring(0, end).toLowerCase(Locale.ROOT);
        if (!SCHEMES.contains(scheme)) {
            throw new IllegalArgumentException("a URI of Redis begins with one of "
                    + SCHEMES.stream().sorted().toList() + " and ://");
        }
        String rest = uri.substring(end);
        try {
            if (!scheme.endsWith(CLUSTER)) {
                return new RedisAddress(false, List.of(single(scheme + rest)));
            }
            String plain = scheme.substring(0, scheme.length() - CLUSTER.length());
            int at = rest.lastIndexOf('@') + 1;
            String credentials = at == 0 ? "" : rest.substring(3, at);
            List<RedisURI> nodes = new ArrayList<>();
            for (String node : rest.substring(at == 0 ? 3 : at).split(",")) {
                nodes.add(single(plain + "://" + credentials + node));
            }
            return new RedisAddress(true, nodes);
        } catch (IllegalArgumentException e) {
            // Its text, and its cause's, may hold the password.
            throw new IllegalArgumentException("the URI of Redis makes no sense: a host, a port or a name is missing");
        }
    }

    private static RedisURI single(String uri) {
        RedisURI parsed = RedisURI.create(uri);
        if (parsed.getSentinels().isEmpty()
                && (parsed.getHost() == null || parsed.getHost().isEmpty())) {
            throw new IllegalArgumentException("no host");
        }
        parsed.setTimeout(TIMEOUT);
        parsed.getSentinels().forEach(sentinel -> sentinel.setTimeout(TIMEOUT));
        return parsed;
    }
}
