package io.tankws.it.compat;

import static io.tankws.it.compat.CentrifugeFixture.assertClosed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.Payload;
import io.tankws.auth.jwt.JwtAuthenticator;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Clients of the Centrifuge protocol with the tokens of an issuer of Centrifugo. */
class CentrifugeTokenTest {
    private static final byte[] SECRET = "bbe7d157-a253-4094-9759-06a8236543f9".getBytes(StandardCharsets.US_ASCII);
    private static CentrifugeFixture fixture;

    @BeforeAll
    static void start() {
        JwtAuthenticator tokens = JwtAuthenticator.builder().secret(SECRET).build();
        fixture = new CentrifugeFixture(
                manager -> manager.topicAuthorizer(tokens.topicAuthorizer()),
                protocol -> protocol.connectAuthenticator(tokens));
    }

    @AfterAll
    static void stop() {
        fixture.close();
    }

    private static String token(String claims) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(SECRET, "HmacSHA256"));
            String signed = base64("{\"alg\":\"HS256\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.UTF_8)) + "."
                    + base64(claims.getBytes(StandardCharsets.UTF_8));
            return signed + "." + base64(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static long inSeconds(long seconds) {
        return Instant.now().getEpochSecond() + seconds;
    }

    private static void connect(CentrifugePeer peer, String token) {
        peer.send("{\"connect\":{\"token\":\"" + token + "\"},\"id\":1}");
    }

    private static void subscribe(CentrifugePeer peer, String topic, String token) {
        peer.send("{\"subscribe\":{\"channel\":\"" + topic + "\",\"token\":\"" + token + "\"},\"id\":2}");
    }

    @Test
    void theTokenDecidesOnUserInformationExpiryAndTopics() {
        try (CentrifugePeer peer = CentrifugePeer.open(fixture.server)) {
            connect(
                    peer,
                    token("{\"sub\":\"42\",\"info\":{\"n\":1.0},\"channels\":[\"plain-own\"],\"exp\":" + inSeconds(100)
                            + "}"));
            String reply = peer.awaitConnected();
            assertTrue(reply.matches(".*\"expires\":true,\"ttl\":(98|99|100),.*"), reply);
            String push = peer.await();
            assertTrue(push.contains("\"channel\":\"plain-own\""), push);
            var client = fixture.tank.client(peer.id()).orElseThrow();
            assertEquals("42", client.userId());
            assertEquals(Optional.of(Payload.json("{\"n\":1.0}")), client.info());
            assertEquals(
                    Set.of("plain-own"),
                    client.subscriptions().stream()
                            .map(subscription -> subscription.topic())
                            .collect(Collectors.toSet()));
        }
    }

    @Test
    void anExpiredTokenIsError109SoThatTheClientFetchesAnother() {
        try (CentrifugePeer peer = CentrifugePeer.open(fixture.server)) {
            connect(peer, token("{\"sub\":\"42\",\"exp\":" + inSeconds(-10) + "}"));
            peer.await("{\"id\":1,\"error\":{\"code\":109,\"message\":\"token expired\"}}");
        }
    }

    @Test
    void anInvalidTokenEndsTheConnectionForGood() {
        String valid = token("{\"sub\":\"42\"}");
        for (String token : new String[] {"", "x", valid.substring(0, valid.length() - 4) + "AAAA", token("{}")}) {
            try (CentrifugePeer peer = CentrifugePeer.open(fixture.server)) {
                connect(peer, token);
                assertClosed(3500, "invalid token", peer);
            }
        }
    }

    @Test
    void aConnectionIsRefreshedByANewTokenOfItsUser() {
        try (CentrifugePeer peer =
                CentrifugePeer.connect(fixture.server, token("{\"sub\":\"42\",\"exp\":" + inSeconds(100) + "}"))) {
            peer.send("{\"refresh\":{\"token\":\"" + token("{\"sub\":\"42\",\"exp\":" + inSeconds(200) + "}")
                    + "\"},\"id\":2}");
            String reply = peer.await();
            assertTrue(reply.matches(".*\"expires\":true,\"ttl\":(198|199|200)}}"), reply);
            peer.send("{\"refresh\":{\"token\":\"" + token("{\"sub\":\"42\",\"exp\":" + inSeconds(-10) + "}")
                    + "\"},\"id\":3}");
            assertClosed(3005, "connection expired", peer);
        }
        try (CentrifugePeer peer =
                CentrifugePeer.connect(fixture.server, token("{\"sub\":\"42\",\"exp\":" + inSeconds(100) + "}"))) {
            peer.send("{\"refresh\":{\"token\":\"" + token("{\"sub\":\"43\"}") + "\"},\"id\":2}");
            assertClosed(3500, "invalid token", peer);
        }
    }

    @Test
    void aTokenAllowsOneUserOneTopic() {
        try (CentrifugePeer peer = CentrifugePeer.connect(fixture.server, token("{\"sub\":\"42\"}"))) {
            String denied = "{\"id\":2,\"error\":{\"code\":103,\"message\":\"permission denied\"}}";
            peer.send("{\"subscribe\":{\"channel\":\"plain\"},\"id\":2}");
            peer.await(denied);
            subscribe(peer, "plain", token("{\"sub\":\"42\",\"channel\":\"other\"}"));
            peer.await(denied);
            subscribe(peer, "plain", token("{\"sub\":\"43\",\"channel\":\"plain\"}"));
            peer.await(denied);
            subscribe(peer, "plain", token("{\"sub\":\"42\"}"));
            peer.await(denied);
            subscribe(peer, "plain", "x");
            peer.await(denied);
            subscribe(peer, "plain", token("{\"sub\":\"42\",\"channel\":\"plain\",\"exp\":" + inSeconds(-10) + "}"));
            peer.await("{\"id\":2,\"error\":{\"code\":109,\"message\":\"token expired\"}}");
            subscribe(peer, "plain", token("{\"sub\":\"42\",\"channel\":\"plain\"}"));
            peer.await("{\"id\":2,\"subscribe\":{}}");
        }
    }

    @Test
    void aSubscriptionExpiresWithItsTokenUntilItIsRefreshed() {
        try (CentrifugePeer peer = CentrifugePeer.connect(fixture.server, token("{\"sub\":\"42\"}"))) {
            subscribe(peer, "plain", token("{\"sub\":\"42\",\"channel\":\"plain\",\"exp\":" + inSeconds(100) + "}"));
            String reply = peer.await();
            assertTrue(reply.matches("\\{\"id\":2,\"subscribe\":\\{\"expires\":true,\"ttl\":(98|99|100)}}"), reply);
            String next = token("{\"sub\":\"42\",\"channel\":\"plain\",\"exp\":" + inSeconds(200) + "}");
            peer.send("{\"sub_refresh\":{\"channel\":\"plain\",\"token\":\"" + next + "\"},\"id\":3}");
            String refreshed = peer.await();
            assertTrue(refreshed.matches(".*\"expires\":true,\"ttl\":(198|199|200)}}"), refreshed);
        }
    }
}
