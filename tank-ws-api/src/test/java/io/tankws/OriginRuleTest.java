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
        "http://example.org,'',false,false",
        "http://my_service:8080,my_service:8080,false,true",
        "http://MY_Service,my_service:80,false,true",
        "https://_a_._b_.example,_a_._b_.example,true,true",
        "http://a-.example:81,a-.example:81,false,true",
        "http://service.2nd:8080,service.2nd:8080,false,true",
        "http://3com,3com,false,true",
        "http://a--b,a--b,false,true",
        "http://a~b:8080,A~b:8080,false,true",
        "'http://a!$&''()+=b','a!$&''()+=b',false,true",
        "http://*.example,*.example,false,false",
        "http://my_service:8080,my-service:8080,false,false",
        "http://my_service:8080,my_service,false,false",
        "http://other_service,my_service,false,false",
        "https://xn--bcher-kva.example,xn--bcher-kva.example,true,true",
        "https://example.org.,example.org.,true,true",
        "https://example.org.,example.org,true,false",
        "https://example.org,example.org.,true,false",
        "http://[2001:db8::1],[2001:DB8:0:0::1]:80,false,true",
        "http://[::1],[::2],false,false",
        "http://[fe80::1%25eth0],[fe80::1%25eth0],false,false",
        "http://[::ffff:7f00:1],127.0.0.1,false,false",
        "http://127.1,127.1,false,false",
        "http://2130706433,2130706433,false,false",
        "http://0x7f.1,127.0.0.1,false,false",
        "http://example.org:,example.org,false,false",
        "http://example.org:99999,example.org:99999,false,false",
        "http://example.org:x,example.org:x,false,false",
        "http://a_b@my_service,my_service,false,false",
        "http://my_service?x,my_service,false,false",
        "http://my_service#x,my_service,false,false",
        "http://my_service\\,my_service,false,false",
        "http:/my_service,my_service,false,false",
        "http:my_service,my_service,false,false",
        "//my_service,my_service,false,false",
        "1http://my_service,my_service,false,false",
        "' http://my_service',my_service,false,false",
        "http://my service,my service,false,false",
        "http://%6dy_service,my_service,false,false",
        "http://b\u00FCcher.example,b\u00FCcher.example,false,false",
        "http://\u212Aelvin.example,kelvin.example,false,false",
        "http://kelvin.example,\u212Aelvin.example,false,false",
        "chrome-extension://abc,abc,false,false",
        "file://,localhost,false,false"
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

    /** Columns: the listed origin, the origin that a browser sends, the decision. */
    @ParameterizedTest
    @CsvSource({
        "http://my_service:8080,http://my_service:8080,true",
        "http://my_service:8080,http://my_service:8081,false",
        "HTTPS://My_Service:443,https://my_service,true",
        "https://[0:0:0:0:0:0:0:1]:443,https://[::1],true",
        "chrome-extension://abcdefghijklmnop,chrome-extension://abcdefghijklmnop,true",
        "chrome-extension://abcdefghijklmnop,chrome-extension://ponmlkjihgfedcba,false",
        "moz-extension://0a1b-2c3d_e,moz-extension://0a1b-2c3d_e,true",
        "moz-extension://0a1b,chrome-extension://0a1b,false",
        "capacitor://localhost,capacitor://localhost,true",
        "capacitor://localhost,ionic://localhost,false",
        "capacitor://localhost,capacitor://localhost:80,false",
        "tauri://localhost,tauri://localhost,true",
        "http://tauri.localhost,http://tauri.localhost,true",
        "app://.,app://.,true",
        "file://,file://,true",
        "file://,null,false",
        "file://,file:///,false",
        "file://,file,false",
        "chrome-extension://abc,chrome-extension://abc/,false",
        "chrome-extension://abc,chrome-extension://abc?x,false",
        "chrome-extension://abc,chrome-extension://x@abc,false",
    })
    void aListMatchesTheOriginsThatBrowsersSend(String listed, String origin, boolean allowed) {
        OriginRule rule = OriginRule.of(List.of(listed));
        assertEquals(allowed, rule.allows(request(origin, "example.org", false)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.1",
                "http://a:",
                "http://a:99999",
                "http://b\u00FCcher.example",
                "http://",
                "app://",
                "chrome-extension://*",
                "chrome-extension://abc/",
                "file:///",
                "http://[::1%25lo]",
                "http://a..b",
                "about:blank",
                "blob:http://a",
                "http://a,http://b"
            })
    void aListTakesNothingThatNoBrowserWrites(String text) {
        assertThrows(IllegalArgumentException.class, () -> OriginRule.of(List.of(text)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.example", "https://a.example/", "https://*.example", "", "null", "https://a.example?x"})
    void aListTakesOriginsAlone(String text) {
        assertThrows(IllegalArgumentException.class, () -> OriginRule.of(List.of(text)));
    }

    @Test
    void anyOriginAndOrCombineRules() {
        HandshakeRequest foreign = request("https://evil.example", "example.org", false);
        assertTrue(OriginRule.anyOrigin().allows(foreign));
        assertTrue(OriginRule.sameOrigin()
                .or(OriginRule.of(List.of("https://evil.example")))
                .allows(foreign));
    }
}
