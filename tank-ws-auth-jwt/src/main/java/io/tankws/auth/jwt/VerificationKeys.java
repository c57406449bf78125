package io.tankws.auth.jwt;

import com.auth0.jwt.algorithms.Algorithm;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A set of keys.
 *
 * @param keys the keys, at most {@link #MAX_KEYS}
 */
record VerificationKeys(List<VerificationKey> keys) {
    /** Maximum number of keys of a set. A token without a key id is verified with each key at most once. */
    static final int MAX_KEYS = 64;

    static final VerificationKeys NONE = new VerificationKeys(List.of());

    VerificationKeys {
        keys = List.copyOf(keys);
    }

    /**
     * Returns the algorithms that may verify a token, which are none if the token names an algorithm of no key. Keys
     * without a key id come into question only if no key has the id of the token.
     */
    List<Algorithm> matching(String algorithm, @Nullable String keyId) {
        List<Algorithm> named = keyId == null ? List.of() : withId(algorithm, keyId);
        return named.isEmpty() && !contains(keyId) ? withId(algorithm, null) : named;
    }

    /** Returns whether a key has the id. */
    boolean contains(@Nullable String keyId) {
        return keyId != null && keys.stream().anyMatch(key -> keyId.equals(key.keyId()));
    }

    private List<Algorithm> withId(String algorithm, @Nullable String keyId) {
        return keys.stream()
                .filter(key -> Objects.equals(key.keyId(), keyId))
                .flatMap(key -> Stream.ofNullable(key.algorithms().get(algorithm)))
                .toList();
    }
}
