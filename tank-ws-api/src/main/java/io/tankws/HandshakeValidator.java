package io.tankws;

import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rules for an opening handshake (RFC 6455 section 4.2.1), the same for every transport. */
final class HandshakeValidator {
    private static final Map<String, String> UPGRADE_WANTED =
            Map.of("Upgrade", "websocket", "Sec-WebSocket-Version", "13");

    private HandshakeValidator() {}

    static Optional<Refusal> violation(HandshakeRequest request, boolean http11, Optional<String> forwardingFault) {
        if (!hasToken(request, "Upgrade", "websocket")) {
            return Optional.of(new Refusal(426, "this path speaks WebSocket only", UPGRADE_WANTED));
        }
        if (!request.method().equals("GET")) {
            return Optional.of(new Refusal(405, "a WebSocket handshake is a GET", Map.of("Allow", "GET")));
        }
        if (!http11) {
            return bad("a WebSocket handshake needs HTTP/1.1");
        }
        if (!hasToken(request, "Connection", "Upgrade")) {
            return bad("the Connection header lacks Upgrade");
        }
        Optional<Refusal> common = extendedConnectViolation(request, forwardingFault);
        if (common.isPresent()) {
            return common;
        }
        List<String> keys = values(request, "Sec-WebSocket-Key");
        if (keys.size() != 1 || !isKey(keys.get(0))) {
            return bad("Sec-WebSocket-Key must be 16 bytes in base64, once");
        }
        return Optional.empty();
    }

    /** Checks the remaining rules over HTTP/2, whose transport has found {@code :method} and {@code :protocol}. */
    static Optional<Refusal> extendedConnectViolation(HandshakeRequest request, Optional<String> forwardingFault) {
        if (forwardingFault.isPresent()) {
            return bad(forwardingFault.get());
        }
        if (values(request, "Host").size() != 1) {
            return bad("a handshake has exactly one Host header");
        }
        if (!values(request, "Sec-WebSocket-Version").equals(List.of("13"))) {
            return Optional.of(new Refusal(426, "the WebSocket version must be 13", UPGRADE_WANTED));
        }
        return request.hasMalformedQuery() ? bad("the query must be percent-encoded UTF-8") : Optional.empty();
    }

    private static Optional<Refusal> bad(String reason) {
        return Optional.of(new Refusal(400, reason));
    }

    private static List<String> values(HandshakeRequest request, String name) {
        return request.headerValues(name);
    }

    private static boolean hasToken(HandshakeRequest request, String name, String token) {
        return values(request, name).stream().flatMap(HttpSyntax::list).anyMatch(token::equalsIgnoreCase);
    }

    private static boolean isKey(String key) {
        try {
            return Base64.getDecoder().decode(key.strip()).length == 16;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
