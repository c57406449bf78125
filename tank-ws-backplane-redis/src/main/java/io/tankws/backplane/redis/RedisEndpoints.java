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
 * Where Redis is, as a URI says it.
 *
 * @param kind how the servers are found
 * @param data how to log in to them; of one server also where it is
 * @param seeds whom to ask for them; of one server nobody
 */
record RedisEndpoints(Kind kind, RedisURI data, List<RedisURI> seeds) {
    static final Set<String> SCHEMES =
            Set.of("redis", "rediss", "redis-sentinel", "rediss-sentinel", "redis-cluster", "rediss-cluster");

    /** How long a server may take to let us in. */
    private static final Duration LOGIN_TIMEOUT = Duration.ofSeconds(2);

    /** Names and addresses; no text that only looks like one. */
    private static final Pattern HOST =
            Pattern.compile("[\\p{L}\\p{N}._-]{1,255}|\\[?[0-9A-Fa-f:.]{2,45}(%[\\p{Alnum}._-]{1,32})?]?");

    private static final int MAX_PORT = 65_535;

    /** How the servers are found. */
    enum Kind {
        SINGLE,
        SENTINEL,
        CLUSTER
    }

    static RedisEndpoints parse(String uri) {
        int colon = uri.indexOf("://");
        String scheme = colon < 0 ? "" : uri.substring(0, colon).toLowerCase(Locale.ROOT);
        if (!SCHEMES.contains(scheme)) {
            throw new IllegalArgumentException("the URI of a Redis backplane begins with redis://, rediss://, "
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
            // Neither its text nor the cause is passed on: they may hold the password.
            throw new IllegalArgumentException("the URI of the Redis backplane cannot be understood: " + form(scheme));
        }
    }

    /** A password that is not percent-encoded would be taken for a host, a path or a query, and end up in look-ups of names. */
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
            // They may want to know who asks, as the servers that they watch do.
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
     * Logs in on the backplane's thread. What Lettuce makes of a URI does so on another, from where a refused login may look
     * like a connection that ended by itself.
     */
    private static RedisCredentialsProvider login(RedisURI uri) {
        return new StaticCredentialsProvider(credentials(uri));
    }

    private static RedisCredentials credentials(RedisURI uri) {
        return uri.getCredentialsProvider().resolveCredentials().toFuture().join();
    }

    /** Lettuce takes the port for a part of names that Java's URIs do not allow, those with underscores for instance. */
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
            throw new IllegalArgumentException("it cannot be a host");
        }
    }

    private static String requireText(String text) {
        if (text == null || text.isEmpty()) {
            throw new IllegalArgumentException("something is missing");
        }
        return text;
    }

    /**
     * The server at that place, logged in to as the URI says.
     *
     * @throws SessionException if that is no place; Sentinel or Redis Cluster may say anything
     */
    RedisURI server(String host, int port) {
        if (!HOST.matcher(host).matches() || port <= 0 || port > MAX_PORT) {
            throw new SessionException("Redis names a server that cannot be one");
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

    /** Names no host, and above all no password. */
    @Override
    public String toString() {
        return "RedisEndpoints[" + kind + "]";
    }
}
