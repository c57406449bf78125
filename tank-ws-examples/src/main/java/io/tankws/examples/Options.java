package io.tankws.examples;

import io.tankws.ClusterConfig;
import io.tankws.HostRule;
import io.tankws.OriginRule;
import io.tankws.OutagePolicy;
import io.tankws.TrustedProxies;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The options of a command line. Each one is {@code --name value}, and is given once at most. */
final class Options {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m)");

    private static final Pattern IPV6 = Pattern.compile("(?=[^:]*:[^:]*:)[0-9A-Fa-f:.]+(%[\\w.-]+)?");
    private static final Pattern HOST = Pattern.compile("[\\p{L}\\p{N}._-]+|" + IPV6.pattern());

    private static final int BUFFERED_MESSAGES = 10_000;
    private static final long BUFFERED_BYTES = 16 << 20;
    private static final Duration BUFFERED_AGE = Duration.ofSeconds(30);

    /** The two durations of an option such as {@code 30s,60s}. */
    record Heartbeat(Duration interval, Duration timeout) {}

    private final Map<String, String> values = new HashMap<>();
    private final Set<String> given = new HashSet<>();

    /**
     * Reads a command line.
     *
     * @param known the names of the options with their defaults, which may be empty
     */
    Options(Map<String, String> known, String... arguments) throws UsageException {
        values.putAll(known);
        for (int i = 0; i < arguments.length; i += 2) {
            String name = arguments[i];
            if (!known.containsKey(name)) {
                throw new UsageException("There is no option " + name + "; the options are "
                        + String.join(", ", known.keySet().stream().sorted().toList()) + ".");
            }
            if (!given.add(name)) {
                throw new UsageException("The option " + name + " must be given once, but was given twice.");
            }
            if (i + 1 == arguments.length) {
                throw new UsageException("The option " + name + " must have a value.");
            }
            values.put(name, arguments[i + 1]);
        }
    }

    String text(String name) {
        return values.get(name);
    }

    /** Returns a name or an address, without the brackets that an IPv6 address may have. */
    String host(String name) throws UsageException {
        String host = text(name);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        String bare = bracketed ? host.substring(1, host.length() - 1) : host;
        if (!(bracketed ? IPV6 : HOST).matcher(bare).matches()) {
            throw invalid(name, "a name or an address such as 127.0.0.1 or [::1], without a port");
        }
        return bare;
    }

    int port(String name) throws UsageException {
        return number(name, 0, 65535);
    }

    int number(String name, int min, int max) throws UsageException {
        try {
            int value = Integer.parseInt(text(name));
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Reported below, like a number out of range.
        }
        throw invalid(name, "a number from " + min + " to " + max);
    }

    String oneOf(String name, String... choices) throws UsageException {
        if (!List.of(choices).contains(text(name))) {
            throw invalid(name, String.join(" or ", choices));
        }
        return text(name);
    }

    String path(String name) throws UsageException {
        if (!text(name).matches("(?!.*/\\.{1,2}(?:/|$))/[\\w./~-]*")) {
            throw invalid(name, "a path such as /ws");
        }
        return text(name);
    }

    /** Returns interval and timeout, or empty for {@code off}. */
    Optional<Heartbeat> heartbeat(String name) throws UsageException {
        if (text(name).equals("off")) {
            return Optional.empty();
        }
        String[] parts = text(name).split(",", -1);
        if (parts.length != 2) {
            throw invalid(name, "off, or interval and timeout such as 30s,60s");
        }
        return Optional.of(new Heartbeat(duration(name, parts[0]), duration(name, parts[1])));
    }

    private Duration duration(String name, String text) throws UsageException {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw invalid(name, "off, or interval and timeout such as 30s,60s");
        }
        long count = Long.parseLong(matcher.group(1));
        Duration duration = switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            default -> Duration.ofMinutes(count);
        };
        if (duration.toMillis() < 10) {
            throw invalid(name, "off, or interval and timeout of at least 10ms each");
        }
        return duration;
    }

    /** Returns the rule for {@code same}, {@code any}, or a list separated by commas. */
    OriginRule origins(String name) throws UsageException {
        return switch (text(name)) {
            case "same" -> OriginRule.sameOrigin();
            case "any" -> OriginRule.anyOrigin();
            default -> {
                try {
                    yield OriginRule.of(List.of(text(name).split(",", -1)));
                } catch (IllegalArgumentException e) {
                    throw invalid(name, "same, any, or origins such as https://example.org,http://localhost:3000");
                }
            }
        };
    }

    /** Returns the rule for a list separated by commas, or the default rule for an empty list. */
    HostRule hosts(String name) throws UsageException {
        if (text(name).isEmpty()) {
            return HostRule.defaults();
        }
        try {
            return HostRule.of(text(name).split(",", -1));
        } catch (IllegalArgumentException e) {
            throw invalid(name, "names such as chat.example.org,chat.local without ports");
        }
    }

    /** Returns the proxies of a list separated by commas, which may be empty. */
    TrustedProxies proxies(String name) throws UsageException {
        try {
            return text(name).isEmpty()
                    ? TrustedProxies.none()
                    : TrustedProxies.of(text(name).split(",", -1));
        } catch (IllegalArgumentException e) {
            throw invalid(name, "addresses or networks such as 127.0.0.1,::1,10.0.0.0/8");
        }
    }

    /** Returns the addresses of a list separated by commas, which may be empty. */
    List<String> peers(String name) throws UsageException {
        List<String> peers =
                text(name).isEmpty() ? List.of() : List.of(text(name).split(",", -1));
        if (!peers.stream().allMatch(PageHandler::isPeer)) {
            throw invalid(name, "HTTP addresses of nodes such as 127.0.0.1:8083");
        }
        return peers;
    }

    /**
     * Returns the cluster that {@code --redis}, {@code --cluster} and {@code --outage} describe; empty without a Redis.
     */
    Optional<ClusterConfig> cluster() throws UsageException {
        if (text("--redis").isEmpty()) {
            for (String name : List.of("--cluster", "--outage")) {
                if (given.contains(name)) {
                    throw new UsageException("The option " + name + " needs --redis.");
                }
            }
            return Optional.empty();
        }
        OutagePolicy policy = switch (oneOf("--outage", "fail", "local", "buffer")) {
            case "local" -> OutagePolicy.LOCAL_ONLY;
            case "buffer" -> OutagePolicy.buffer(BUFFERED_MESSAGES, BUFFERED_BYTES, BUFFERED_AGE);
            default -> OutagePolicy.FAIL;
        };
        try {
            return Optional.of(ClusterConfig.builder(text("--cluster"), text("--redis"))
                    .outagePolicy(policy)
                    .build());
        } catch (IllegalArgumentException e) {
            throw new UsageException("The options --redis and --cluster are not valid: " + e.getMessage() + ".");
        }
    }

    private UsageException invalid(String name, String rule) {
        return new UsageException("The option " + name + " must be " + rule + ", but was '" + text(name) + "'.");
    }
}
