package io.tankws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OriginRuleTest {
    private static HandshakeRequest request(String origin, String host, boolean secure) {
        HandshakeRequest.Builder builder = HandshakeRequest.builder(
                        "/ws", InetSocketAddress.createUnresolved("192.0.2.1", 1))
                .secure(secure)
                .header("Host", host);
        return (origin == null ? builder : builder.header("Origin", origin)).build();
    }

    @ParameterizedTest
    @CsvSource({
        "http://example.org,example.org,false,true",
        "http://example.org:80,example.org,false,true",
        "http://EXAMPLE.org,example.ORG:80,false,true",
        "https://example.org,example.org,true,true",
        "https://example.org,example.org:443,true,true",
        "http://[::1]:8080,[::1]:8080,false,true",
        "https://example.org,example.org,false,false",
        "http://example.org,example.org,true,false",
        "http://example.org:81,example.org,false,false",
        "http://example.org.evil.example,example.org,false,false",
        "http://evilexample.org,example.org,false,false",
        "http://sub.example.org,example.org,false,false",
        "http://user@example.org,example.org,false,false",
        "http://example.org/,example.org,false,false",
        "null,example.org,false,false",
        "'',example.org,false,false",
        "http://,example.org,false,false",
        "http://example.org,'',false,false"
    })
    void sameOriginComparesExactly(String origin, String host, boolean secure, boolean allowed) {
        assertEquals(allowed, OriginRule.sameOrigin().allows(request(origin, host, secure)));
    }

    @Test
    void everyRuleLetsNonBrowsersIn() {
        HandshakeRequest request = request(null, "example.org", false);
        assertTrue(OriginRule.sameOrigin().allows(request));
        assertTrue(OriginRule.of(List.of("https://a.example")).allows(request));
        assertTrue(OriginRule.anyOrigin().allows(request));
    }

    @ParameterizedTest
    @CsvSource({
        "https://a.example,true",
        "https://a.example:443,true",
        "http://b.example:8080,true",
        "http://a.example,false",
        "https://a.example.evil,false",
        "null,false"
    })
    void aListAllowsItsMembersAlone(String origin, boolean allowed) {
        OriginRule rule = OriginRule.of(List.of("https://A.example", "http://b.example:8080"));
        assertEquals(allowed, rule.allows(request(origin, "example.org", false)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.example", "https://a.example/", "https://*.example", "", "null", "https://a.example?x"})
    void aListTakesOriginsAlone(String text) {
        assertThrows(IllegalArgumentException.class, () -> OriginRule.of(List.of(text)));
    }

    @Test
    void anyOriginAndOrSayWhatTheyMean() {
        HandshakeRequest foreign = request("https://evil.example", "example.org", false);
        assertTrue(OriginRule.anyOrigin().allows(foreign));
        assertTrue(OriginRule.sameOrigin()
                .or(OriginRule.of(List.of("https://evil.example")))
                .allows(foreign));
    }
}
