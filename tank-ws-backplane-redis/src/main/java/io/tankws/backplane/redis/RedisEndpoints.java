package io.tankws.backplane.redis;

import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisCredentialsProvider;
import io.lettuce.core.RedisURI;
import io.lettuce.core.StaticCredentialsProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The Redis servers that a URI names.
 *
 * @param kind kind of the deployment
 * @param data login of the data servers; for a single server also its address
 * @param seeds servers that know the data servers; empty for a single server
 */
record RedisEndpoints(Kind kind, RedisURI data, List<RedisURI> seeds) {
    static final Set<String> SCHEMES =
            Set.of("redis", "rediss", "redis-sentinel", "rediss-sentinel", "redis-cluster", "rediss-cluster");

    /** Timeout of a login. */
    private static final Duration LOGIN_TIMEOUT = Duration.ofSeconds(2);

    /** Host names and addresses. */
    private static final Pattern HOST =
            Pattern.compile("[\\p{L}\\p{N}._-]{1,255}|\\[?[0-9A-Fa-f:.]{2,45}(%[\\p{Alnum}._-]{1,32})?]?");

    private static final int MAX_PORT = 65_535;

    /** Kinds of Redis deployments. */
    enum Kind {
        SINGLE,
        SENTINEL,
        CLUSTER
    }

    static RedisEndpoints parse(String uri) {
        int colon = uri.indexOf("://");
        String scheme = colon < 0 ? "" : uri.substring(0, colon).toLowerCase(Locale.ROOT);
        if (!SCHEMES.contains(scheme)) {
            throw new IllegalArgumentException("the URI of a Redis backplane must begin with redis://, rediss://, "
                    + "redis-sentinel://, rediss-sentinel://, redis-cluster:// or rediss-cluster://");
        }
        String rest = uri.substring(colon + "://".length());
        try {
            requireLoginBeforeHosts(rest);
            if (scheme.endsWith("-cluster")) {
                return cluster(scheme.substring(0, scheme.indexOf('-')), rest);
            }
            RedisURI parsed = RedisURI.create(scheme + "://" + rest);
            parsed.setTimeout(LOGIN_TIMEOUT);
            parsed.setCredentialsProvider(login(parsed));
            return scheme.endsWith("-sentinel") ? sentinel(parsed) : single(parsed);
        } catch (RuntimeException e) {
            // The text and the cause may contain the password, so the new exception has neither.
            throw new IllegalArgumentException("the URI of the Redis backplane must have the form " + form(scheme));
        }
    }

    /** Rejects a password that is not percent-encoded. It would be parsed as a host and sent to name servers. */
    private static void requireLoginBeforeHosts(String rest) {
        int end = rest.length();
        for (char delimiter : new char[] {'/', '?', '#'}) {
            int at = rest.indexOf(delimiter);
            end = at < 0 ? end : Math.min(end, at);
        }
        if (rest.indexOf('@', end) >= 0 || rest.indexOf('@') != rest.lastIndexOf('@')) {
            throw new IllegalArgumentException("user and password must be percent-encoded");
        }
    }

    private static String form(String scheme) {
        return switch (scheme) {
            case "redis", "rediss" -> scheme + "://[user:password@]host[:port][/database]";
            case "redis-sentinel", "rediss-sentinel" ->
                scheme + "://[user:password@]sentinel1[:port],sentinel2[:port][/database]#master";
            default -> scheme + "://[user:password@]host1[:port],host2[:port]";
        };
    }

    private static RedisEndpoints single(RedisURI uri) {
        splitHost(uri);
        return new RedisEndpoints(Kind.SINGLE, uri, List.of());
    }

    private static RedisEndpoints sentinel(RedisURI uri) {
        requireText(uri.getSentinelMasterId());
        List<RedisURI> sentinels = new ArrayList<>();
        for (RedisURI sentinel : uri.getSentinels()) {
            requireHost(sentinel.getHost());
            sentinels.add(sentinel(uri, sentinel, new StaticCredentialsProvider(null, null)));
        }
        if (credentials(uri).hasPassword()) {
            // Sentinels may require the same login as the servers that they supervise.
            uri.getSentinels()
                    .forEach(sentinel -> sentinels.add(sentinel(uri, sentinel, uri.getCredentialsProvider())));
        }
        return new RedisEndpoints(Kind.SENTINEL, uri, sentinels);
    }

    private static RedisURI sentinel(RedisURI uri, RedisURI sentinel, RedisCredentialsProvider login) {
        return RedisURI.builder()
                .withHost(sentinel.getHost())
                .withPort(sentinel.getPort())
                .withSsl(uri)
                .withAuthentication(login)
                .withTimeout(LOGIN_TIMEOUT)
                .build();
    }

    private static RedisEndpoints cluster(String scheme, String rest) {
        int query = rest.indexOf('?');
        String before = query < 0 ? rest : rest.substring(0, query);
        String after = query < 0 ? "" : rest.substring(query);
        int at = before.lastIndexOf('@');
        String login = before.substring(0, at + 1);
        String hosts = before.substring(at + 1);
        if (hosts.endsWith("/")) {
            hosts = hosts.substring(0, hosts.length() - 1);
        }
        List<RedisURI> seeds = Stream.of(hosts.split(",", -1))
                .map(host -> seed(scheme + "://" + login + requireText(host) + after))
                .toList();
        return new RedisEndpoints(Kind.CLUSTER, seeds.get(0), seeds);
    }

    private static RedisURI seed(String uri) {
        RedisURI seed = RedisURI.create(uri);
        splitHost(seed);
        if (seed.getDatabase() != 0) {
            throw new IllegalArgumentException("Redis Cluster has one database");
        }
        seed.setTimeout(LOGIN_TIMEOUT);
        seed.setCredentialsProvider(login(seed));
        return seed;
    }

    /**
     * Returns a provider that logs in on the event loop. Lettuce's own provider uses another thread, where a refused
     * login may look like a closed connection.
     */
    private static RedisCredentialsProvider login(RedisURI uri) {
        return new StaticCredentialsProvider(credentials(uri));
    }

    private static RedisCredentials credentials(RedisURI uri) {
        return uri.getCredentialsProvider().resolveCredentials().toFuture().join();
    }

    /**
     * Splits host and port. Lettuce does not do so for host names that {@link java.net.URI} rejects, such as {@code
     * my_redis}.
     */
    private static void splitHost(RedisURI uri) {
        String host = requireText(uri.getHost());
        int colon = host.indexOf(':');
        if (colon >= 0 && colon == host.lastIndexOf(':')) {
            uri.setHost(requireText(host.substring(0, colon)));
            uri.setPort(Integer.parseInt(host.substring(colon + 1)));
        }
        requireHost(uri.getHost());
    }

    private static void requireHost(String host) {
        if (!HOST.matcher(requireText(host)).matches()) {
            throw new IllegalArgumentException("the host is not valid");
        }
    }

    private static String requireText(String text) {
        if (text == null || text.isEmpty()) {
            throw new IllegalArgumentException("a part of the URI is missing");
        }
        return text;
    }

    /**
     * Returns the URI of a server that Sentinel or Redis Cluster has named, with the login of this URI.
     *
     * @throws SessionException if the host or the port is not valid
     */
    RedisURI server(String host, int port) {
        if (!HOST.matcher(host).matches() || port <= 0 || port > MAX_PORT) {
            throw new SessionException("Redis names a server with an invalid address");
        }
        return RedisURI.builder()
                .withHost(host)
                .withPort(port)
                .withSsl(data)
                .withAuthentication(data)
                .withDatabase(data.getDatabase())
                .withTimeout(LOGIN_TIMEOUT)
                .build();
    }

    /** Returns the kind only, because a log must not show hosts and passwords. */
    @Override
    public String toString() {
        return "RedisEndpoints[" + kind + "]";
    }
}
