package io.tankws.transport.jetty;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of permessage-deflate that a handshake agrees on (RFC 7692 section 7.1).
 *
 * @param serverNoContextTakeover whether each message of the server is compressed on its own
 * @param clientNoContextTakeover whether each message of the client is compressed on its own
 * @param serverWindowOffered whether the client has limited the window of the server, which the response must repeat
 */
record DeflateParameters(
        boolean serverNoContextTakeover, boolean clientNoContextTakeover, boolean serverWindowOffered) {
    private static final String NAME = "permessage-deflate";

    /** The only window that {@link java.util.zip.Deflater} has, as a power of two. */
    private static final int WINDOW_BITS = 15;

    private static final int MIN_WINDOW_BITS = 8;

    /**
     * Returns what the first offer that can be met agrees on. Offers that are invalid or cannot be met are declined.
     *
     * @param headers the values of all {@code Sec-WebSocket-Extensions} headers
     */
    static Optional<DeflateParameters> firstOf(List<String> headers) {
        return ExtensionOffer.parse(headers).stream()
                .filter(offer -> offer.name().equals(NAME))
                .flatMap(offer -> of(offer).stream())
                .findFirst();
    }

    private static Optional<DeflateParameters> of(ExtensionOffer offer) {
        Set<String> names = new HashSet<>();
        for (ExtensionOffer.Parameter parameter : offer.parameters()) {
            if (!names.add(parameter.name()) || !canBeMet(parameter)) {
                return Optional.empty();
            }
        }
        return Optional.of(new DeflateParameters(
                names.contains("server_no_context_takeover"),
                names.contains("client_no_context_takeover"),
                names.contains("server_max_window_bits")));
    }

    private static boolean canBeMet(ExtensionOffer.Parameter parameter) {
        return switch (parameter.name()) {
            case "server_no_context_takeover", "client_no_context_takeover" -> parameter.value() == null;
            case "server_max_window_bits" -> windowBits(parameter.value()) == WINDOW_BITS;
            case "client_max_window_bits" ->
                parameter.value() == null || windowBits(parameter.value()) >= MIN_WINDOW_BITS;
            default -> false;
        };
    }

    /** Returns 8 to 15, or 0 if the value is not such a number without leading zeros. */
    private static int windowBits(@Nullable String value) {
        boolean valid = value != null && value.matches("[89]|1[0-5]");
        return valid ? Integer.parseInt(value) : 0;
    }

    /** Returns the value of the header in the response. The window of the client stays unlimited. */
    String headerValue() {
        return NAME
                + (serverNoContextTakeover ? ";server_no_context_takeover" : "")
                + (clientNoContextTakeover ? ";client_no_context_takeover" : "")
                + (serverWindowOffered ? ";server_max_window_bits=" + WINDOW_BITS : "");
    }
}
