package io.tankws.auth.jwt;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The reader of a JSON Web Key Set (RFC 7517). */
final class JsonWebKeys {
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final Map<String, String> CURVES =
            Map.of("P-256", "secp256r1", "P-384", "secp384r1", "P-521", "secp521r1");

    private JsonWebKeys() {}

    /**
     * Reads the RSA and EC keys that verify signatures. Keys of other kinds, keys for encryption, malformed keys and
     * keys without a key id are skipped, as RFC 7517 section 5 recommends.
     *
     * @throws IOException if the text is no set of keys, or the set has too many keys
     */
    static VerificationKeys parse(byte[] json) throws IOException {
        List<VerificationKey> keys = new ArrayList<>();
        boolean hasKeys = false;
        try (JsonParser parser = JSON.createParser(json)) {
            require(parser.nextToken() == JsonToken.START_OBJECT, "it is no object");
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean isKeys = parser.currentName().equals("keys");
                JsonToken value = parser.nextToken();
                if (isKeys) {
                    require(value == JsonToken.START_ARRAY, "keys is no array");
                    hasKeys = true;
                    readKeys(parser, keys);
                } else {
                    parser.skipChildren();
                }
            }
            require(hasKeys && parser.nextToken() == null, "it is not one object with keys");
        }
        return new VerificationKeys(keys);
    }

    private static void require(boolean condition, String fault) throws IOException {
        if (!condition) {
            throw new IOException("the set of keys is malformed: " + fault);
        }
    }

    private static void readKeys(JsonParser parser, List<VerificationKey> keys) throws IOException {
        for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
            require(i < VerificationKeys.MAX_KEYS, "it has more than " + VerificationKeys.MAX_KEYS + " keys");
            require(parser.currentToken() == JsonToken.START_OBJECT, "a key is no object");
            key(members(parser)).ifPresent(keys::add);
        }
    }

    /** Returns the texts of an object. Members of other types are skipped, because no used member has one. */
    private static Map<String, String> members(JsonParser parser) throws IOException {
        Map<String, String> members = new HashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            if (parser.nextToken() == JsonToken.VALUE_STRING) {
                members.put(name, parser.getText());
            } else {
                parser.skipChildren();
            }
        }
        return members;
    }

    private static Optional<VerificationKey> key(Map<String, String> members) {
        String keyId = members.get("kid");
        if (keyId == null || !members.getOrDefault("use", "sig").equals("sig")) {
            return Optional.empty();
        }
        try {
            PublicKey key = switch (members.getOrDefault("kty", "")) {
                case "RSA" -> rsa(members);
                case "EC" -> ec(members);
                default -> null;
            };
            if (key == null) {
                return Optional.empty();
            }
            VerificationKey usable = VerificationKey.ofPublicKey(keyId, key);
            String algorithm = members.get("alg");
            return algorithm == null ? Optional.of(usable) : usable.only(algorithm);
        } catch (GeneralSecurityException | IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    private static PublicKey rsa(Map<String, String> members) throws GeneralSecurityException {
        RSAPublicKeySpec spec = new RSAPublicKeySpec(number(members.get("n")), number(members.get("e")));
        return KeyFactory.getInstance("RSA").generatePublic(spec);
    }

    private static @Nullable PublicKey ec(Map<String, String> members) throws GeneralSecurityException {
        String curve = CURVES.get(members.getOrDefault("crv", ""));
        if (curve == null) {
            return null;
        }
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
        parameters.init(new ECGenParameterSpec(curve));
        ECPoint point = new ECPoint(number(members.get("x")), number(members.get("y")));
        ECParameterSpec spec = parameters.getParameterSpec(ECParameterSpec.class);
        return KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(point, spec));
    }

    private static BigInteger number(@Nullable String base64) {
        if (base64 == null) {
            throw new IllegalArgumentException("a number is missing");
        }
        return new BigInteger(1, Base64.getUrlDecoder().decode(base64));
    }
}
