package io.tankws.transport.javawebsocket;

import io.tankws.HandshakeRequest;
import io.tankws.spi.support.Authority;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The strict parser of request heads (RFC 9112 sections 3, 5 and 6.3). */
final class RequestHead {
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]++";
    private static final Pattern REQUEST_LINE = Pattern.compile("([A-Za-z-]++) ([!-~&&[^#]]++) HTTP/([0-9]\\.[0-9])");

    /** A header line. The name has no blanks, which rejects folded lines and blanks before the colon. */
    private static final Pattern HEADER = Pattern.compile("(" + TOKEN + "):([\\t\\x20-\\x7E\\x80-\\xFF]*+)");

    private static final Pattern LENGTH = Pattern.compile("0*[0-9]{1,18}");
    private static final Pattern NO_LENGTH = Pattern.compile("0++");

    private RequestHead() {}

    static HandshakeRequest parse(String head, InetSocketAddress remoteAddress) throws RequestException {
        String[] lines = head.split("\r\n", -1);
        Matcher first = REQUEST_LINE.matcher(lines[0]);
        if (!first.matches()) {
            throw new RequestException(400, "the request line is malformed");
        }
        boolean http11 = first.group(3).equals("1.1");
        if (!http11 && !first.group(3).equals("1.0")) {
            throw new RequestException(505, "only HTTP/1.1 is spoken here");
        }
        RequestTarget target = RequestTarget.parse(first.group(1), first.group(2));
        HandshakeRequest.Builder request = HandshakeRequest.builder(target.pathAndQuery(), remoteAddress)
                .method(first.group(1))
                .http11(http11);
        List<String> hosts = new ArrayList<>(1);
        for (int i = 1; i < lines.length; i++) {
            Matcher header = HEADER.matcher(lines[i]);
            if (!header.matches()) {
                throw new RequestException(400, "a header is malformed");
            }
            String value = header.group(2).strip();
            if (header.group(1).equalsIgnoreCase("Host")) {
                hosts.add(value);
            } else {
                request.header(header.group(1), value);
            }
        }
        effectiveHost(hosts, target, http11).ifPresent(host -> request.header("Host", host));
        HandshakeRequest parsed = request.build();
        checkFraming(parsed);
        checkExpectation(parsed, http11);
        return parsed;
    }

    /**
     * Returns the authority of the target in place of Host (RFC 9112 section 3.2.2), which is required nevertheless.
     */
    private static Optional<String> effectiveHost(List<String> hosts, RequestTarget target, boolean http11)
            throws RequestException {
        if (hosts.size() > 1 || http11 && hosts.isEmpty()) {
            throw new RequestException(400, "a request has exactly one Host header");
        }
        boolean absolute = target.authority().isPresent();
        for (String host : hosts) {
            if (!Authority.isValid(host) && !(absolute && host.isEmpty())) {
                throw new RequestException(400, "the Host header is malformed");
            }
        }
        return absolute ? target.authority() : hosts.stream().findFirst();
    }

    /** Rejects a head whose body could be framed in two ways (RFC 9112 section 6.3). */
    private static void checkFraming(HandshakeRequest request) throws RequestException {
        List<String> lengths = request.headers().getOrDefault("Content-Length", List.of());
        List<String> encodings = request.headers().getOrDefault("Transfer-Encoding", List.of());
        boolean length = lengths.isEmpty()
                || lengths.size() == 1 && LENGTH.matcher(lengths.get(0)).matches();
        boolean encoding = encodings.isEmpty()
                || encodings.size() == 1 && encodings.get(0).equalsIgnoreCase("chunked") && lengths.isEmpty();
        if (!length || !encoding) {
            throw new RequestException(400, "the length of the body is not clear");
        }
    }

    private static void checkExpectation(HandshakeRequest request, boolean http11) throws RequestException {
        List<String> expected = request.headers().getOrDefault("Expect", List.of());
        if (http11 && !expected.stream().allMatch(RequestHead::isContinue)) {
            throw new RequestException(417, "nothing but 100-continue can be expected");
        }
    }

    /**
     * Returns whether this is the only expectation that servers know. An empty list is valid too (RFC 9110 section
     * 10.1.1).
     */
    private static boolean isContinue(String expected) {
        return expected.isEmpty() || expected.equalsIgnoreCase("100-continue");
    }

    /** Returns whether a body follows, which would be read as frames. */
    static boolean hasBody(HandshakeRequest request) {
        return request.header("Transfer-Encoding").isPresent()
                || request.header("Content-Length")
                        .filter(length -> !NO_LENGTH.matcher(length).matches())
                        .isPresent();
    }
}
