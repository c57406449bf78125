package io.tankws.examples;

import io.tankws.Manager;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

// region SharedToken
public final class SharedToken {
    public static void require(Manager tank, String secret) {
        byte[] expected = secret.getBytes(StandardCharsets.UTF_8);
        tank.enableAuth(request -> request.queryParameter("token")
                .map(token -> token.getBytes(StandardCharsets.UTF_8))
                .filter(token -> MessageDigest.isEqual(token, expected)) // in constant time
                .isPresent()); // else 401
    }
}
// endregion
