package io.tankws.auth.jwt;

import static io.tankws.auth.jwt.TestTokens.SECRET;
import static io.tankws.auth.jwt.TestTokens.hs256;
import static io.tankws.auth.jwt.TestTokens.inSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.tankws.Client;
import io.tankws.Payload;
import io.tankws.TopicAction;
import io.tankws.TopicAuthorizer;
import io.tankws.TopicDecision;
import io.tankws.TopicRequest;
import io.tankws.protocol.centrifuge.CentrifugeException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens that allow one user to subscribe to one topic. */
class SubscriptionTokenTest {
    private static final JwtAuthenticator AUTHENTICATOR =
            JwtAuthenticator.builder().secret(SECRET).anonymousUser("guest").build();

    private static Client client(String userId) {
        return (Client) Proxy.newProxyInstance(
                Client.class.getClassLoader(),
                new Class<?>[] {Client.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "userId" -> userId;
                    case "id" -> "c1";
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    private static CompletionStage<TopicDecision> ask(TopicAuthorizer authorizer, String userId, String token) {
        return authorizer.authorize(
                new TopicRequest(client(userId), TopicAction.SUBSCRIBE, "news", Optional.of(token), Optional.empty()));
    }

    private static TopicDecision decide(String userId, String claims) {
        return ask(AUTHENTICATOR.topicAuthorizer(), userId, hs256(claims))
                .toCompletableFuture()
                .join();
    }

    @Test
    void aTokenAllowsItsUserItsTopic() {
        assertEquals(TopicDecision.allowed(), decide("ann", "{\"sub\":\"ann\",\"channel\":\"news\"}"));
        assertEquals(
                TopicDecision.allowed(), decide("ann", "{\"sub\":\"ann\",\"channel\":\"news\",\"client\":\"c1\"}"));
        assertEquals(TopicDecision.allowed(), decide("guest", "{\"channel\":\"news\"}"));
    }

    @Test
    void thePermissionHasTheInformationAndTheExpiryOfTheToken() {
        long soon = inSeconds(100);
        long later = inSeconds(200);
        assertEquals(
                TopicDecision.allowed().withInfo(Payload.json("{\"n\":1.0}")).withExpiry(Instant.ofEpochSecond(soon)),
                decide("ann", "{\"sub\":\"ann\",\"channel\":\"news\",\"info\":{\"n\":1.0},\"exp\":" + soon + "}"));
        assertEquals(
                TopicDecision.allowed().withExpiry(Instant.ofEpochSecond(later)),
                decide(
                        "ann",
                        "{\"sub\":\"ann\",\"channel\":\"news\",\"exp\":" + soon + ",\"expire_at\":" + later + "}"));
        assertEquals(
                TopicDecision.allowed(),
                decide("ann", "{\"sub\":\"ann\",\"channel\":\"news\",\"exp\":" + soon + ",\"expire_at\":0}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"sub\":\"ann\"}",
                "{\"sub\":\"ann\",\"channel\":\"other\"}",
                "{\"sub\":\"ann\",\"channel\":\"NEWS\"}",
                "{\"sub\":\"ann\",\"channel\":\"\"}",
                "{\"sub\":\"ann\",\"channel\":[\"news\"]}",
                "{\"sub\":\"ann\",\"channels\":[\"news\"]}",
                "{\"sub\":\"bob\",\"channel\":\"news\"}",
                "{\"sub\":\"\",\"channel\":\"news\"}",
                "{\"channel\":\"news\"}",
                "{\"sub\":\"ann\",\"channel\":\"news\",\"client\":\"c2\"}",
                "{\"sub\":\"ann\",\"channel\":\"news\",\"client\":null}",
            })
    void aTokenForAnotherTopicUserOrClientIsDenied(String claims) {
        assertInstanceOf(TopicDecision.Denied.class, decide("ann", claims));
    }

    @Test
    void aTokenWithAWrongSignatureIsDenied() {
        String token = hs256("{\"sub\":\"ann\",\"channel\":\"news\"}");
        CompletionStage<TopicDecision> decision =
                ask(AUTHENTICATOR.topicAuthorizer(), "ann", token.substring(0, token.length() - 4) + "AAAA");
        assertEquals(
                TopicDecision.denied("the token is invalid"),
                decision.toCompletableFuture().join());
    }

    @Test
    void anExpiredTokenIsReportedAsExpired() {
        for (String claim : new String[] {"exp", "expire_at"}) {
            CompletionStage<TopicDecision> decision = ask(
                    AUTHENTICATOR.topicAuthorizer(),
                    "ann",
                    hs256("{\"sub\":\"ann\",\"channel\":\"news\",\"" + claim + "\":" + inSeconds(-10) + "}"));
            assertEquals(
                    CentrifugeException.TOKEN_EXPIRED,
                    Decisions.failure(decision).code());
        }
    }

    @Test
    void anotherAuthorizerDecidesWithoutAToken() {
        TopicAuthorizer publicTopics = AUTHENTICATOR.topicAuthorizer(TopicAuthorizer.of(
                request -> request.topic().equals("public") ? TopicDecision.allowed() : TopicDecision.denied("no")));
        assertEquals(
                TopicDecision.allowed(),
                publicTopics
                        .authorize(new TopicRequest(client("ann"), TopicAction.SUBSCRIBE, "public"))
                        .toCompletableFuture()
                        .join());
        assertEquals(
                TopicDecision.denied("no"),
                publicTopics
                        .authorize(new TopicRequest(
                                client("ann"),
                                TopicAction.PUBLISH,
                                "news",
                                Optional.of(hs256("{\"sub\":\"ann\",\"channel\":\"news\"}")),
                                Optional.empty()))
                        .toCompletableFuture()
                        .join());
        // A wrong token is not better than none.
        assertInstanceOf(
                TopicDecision.Denied.class,
                ask(publicTopics, "ann", "x").toCompletableFuture().join());
        assertInstanceOf(
                TopicDecision.Denied.class,
                AUTHENTICATOR
                        .topicAuthorizer()
                        .authorize(new TopicRequest(client("ann"), TopicAction.SUBSCRIBE, "public"))
                        .toCompletableFuture()
                        .join());
    }
}
