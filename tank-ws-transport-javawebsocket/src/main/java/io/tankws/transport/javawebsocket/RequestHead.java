package io.tankws.transport.javawebsocket;

import io.tankws.HandshakeRequest;
import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses a request head, strictly (RFC 9112 sections 3 and 5). */
final class RequestHead {
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]++";
    private static final Pattern REQUEST_LINE =
            Pattern.compile("(" + TOKEN + ") ([\\x21-\\x7E&&[^#]]++) HTTP/([0-9])\\.([0-9])");

    /** A name without blanks, so that neither folded lines nor blanks before the colon pass. */
    private static final Pattern HEADER = Pattern.compile("(" + TOKEN + "):([\\t\\x20-\\x7E\\x80-\\xFF]*+)");

    /** The scheme and authority of a target in absolute form, which a server must accept (RFC 9112 section 3.2.2). */
    private static final Pattern ORIGIN = Pattern.compile("(?i)https?://([^/?]*+)");

    private RequestHead() {}

    static HandshakeRequest parse(String head, InetSocketAddress remoteAddress) throws RequestException {
        String[] lines = head.split("\r\n", -1);
        Matcher first = REQUEST_LINE.matcher(lines[0]);
        if (!first.matches()) {
            throw new RequestException(400, "the request line is malformed");
        }
        if (!first.group(3).equals("1")) {
            throw new RequestException(505, "only HTTP/1.1 is spoken here");
        }
        HandshakeRequest.Builder request = HandshakeRequest.builder(originForm(first.group(2)), remoteAddress)
                .method(first.group(1))
                .http11(!first.group(4).equals("0"));
        for (int i = 1; i < lines.length; i++) {
            Matcher header = HEADER.matcher(lines[i]);
            if (!header.matches()) {
                throw new RequestException(400, "a header is malformed");
            }
            request.header(header.group(1), header.group(2).strip());
        }
        HandshakeRequest parsed = request.build();
        checkAuthority(first.group(2), parsed);
        return parsed;
    }

    private static String originForm(String target) {
        Matcher origin = ORIGIN.matcher(target);
        if (!origin.lookingAt()) {
            return target;
        }
        String rest = target.substring(origin.end());
        return rest.startsWith("/") ? rest : "/" + rest;
    }

    /**
     * Host repeats the authority of the target (RFC 9112 section 3.2), so that one of them decides for both. A missing
     * Host is a violation of its own, which the request reports.
     */
    private static void checkAuthority(String target, HandshakeRequest request) throws RequestException {
        Matcher origin = ORIGIN.matcher(target);
        if (origin.lookingAt()
                && !request.header("Host")
                        .map(origin.group(1)::equalsIgnoreCase)
                        .orElse(true)) {
            throw new RequestException(400, "the target and the Host header name different servers");
        }
    }

    /** Tells whether a body follows, which would be taken for frames. */
    static boolean hasBody(HandshakeRequest request) {
        return request.header("Transfer-Encoding").isPresent()
                || request.header("Content-Length").isPresent()
                        && !request.headers().get("Content-Length").stream().allMatch("0"::equals);
    }
}
