package io.tankws.protocol.centrifuge.message;

import io.tankws.CloseStatus;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** Reasons in close frames as SDKs need them. */
public final class CloseReasons {
    private static final String PREFIX = "reason: ";
    private static final String FIRST_OF_JSON = "{[\"-0123456789";
    private static final Set<String> LITERALS = Set.of("true", "false", "null");

    private CloseReasons() {}

    /**
     * Returns a status whose reason is not JSON. The SDK for JavaScript parses the reason of every close frame as JSON,
     * and stops for good after some values.
     *
     * @return the same status, or one with a prefix before the reason, which is cut to its maximum length
     */
    public static CloseStatus plain(CloseStatus status) {
        String reason = status.reason().strip();
        boolean mayBeJson =
                LITERALS.contains(reason) || !reason.isEmpty() && FIRST_OF_JSON.indexOf(reason.charAt(0)) >= 0;
        return mayBeJson ? status.withReason(cut(PREFIX + reason)) : status;
    }

    private static String cut(String text) {
        int end = text.length();
        while (text.substring(0, end).getBytes(StandardCharsets.UTF_8).length > CloseStatus.MAX_REASON_BYTES) {
            end = text.offsetByCodePoints(end, -1);
        }
        return text.substring(0, end);
    }
}
