package io.tankws;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * User name and password of HTTP's Basic scheme (RFC 7617).
 *
 * @param username everything before the first colon
 * @param password everything after it
 */
public record Credentials(String username, String password) {
    static Optional<Credentials> ofHeader(String authorization) {
        if (!authorization.regionMatches(true, 0, "Basic ", 0, 6)) {
            return Optional.empty();
        }
        try {
            byte[] decoded =
                    Base64.getDecoder().decode(authorization.substring(6).strip());
            String pair = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(decoded))
                    .toString();
            int colon = pair.indexOf(':');
            // RFC 7617 section 2: no control characters.
            return colon < 0 || pair.chars().anyMatch(Character::isISOControl)
                    ? Optional.empty()
                    : Optional.of(new Credentials(pair.substring(0, colon), pair.substring(colon + 1)));
        } catch (IllegalArgumentException | CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** Hides name and password, so that no log shows them. */
    @Override
    public String toString() {
        return "Credentials[***]";
    }
}
