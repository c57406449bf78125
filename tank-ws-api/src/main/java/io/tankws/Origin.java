package io.tankws;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;

/** Scheme, host and port of a page (RFC 6454 section 4), normalized. */
record Origin(String scheme, String host, int port) {
    static Optional<Origin> parse(String text) {
        try {
            URI uri = URI.create(text);
            boolean bare = uri.getScheme() != null
                    && uri.getHost() != null
                    && uri.getUserInfo() == null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null
                    && uri.getRawPath().isEmpty();
            return bare
                    ? Optional.of(new Origin(lower(uri.getScheme()), lower(uri.getHost()), port(uri)))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    static boolean same(HandshakeRequest request) {
        Optional<Origin> page = request.origin().flatMap(Origin::parse);
        Optional<Origin> target =
                request.header("Host").flatMap(host -> parse((request.isSecure() ? "https://" : "http://") + host));
        return page.isPresent() && page.equals(target);
    }

    private static int port(URI uri) {
        if (uri.getPort() >= 0) {
            return uri.getPort();
        }
        return switch (lower(uri.getScheme())) {
            case "http" -> 80;
            case "https" -> 443;
            default -> -1;
        };
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
