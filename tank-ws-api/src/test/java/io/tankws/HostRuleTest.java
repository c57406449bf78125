package io.tankws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostRuleTest {
    private static final InetSocketAddress PEER = InetSocketAddress.createUnresolved("192.0.2.1", 1);
    private static final HostRule LISTED = HostRule.of("chat.example.org", "xn--bcher-kva.example", "listed_service");

    private static HandshakeRequest request(String host) {
        return HandshakeRequest.builder("/ws", PEER).header("Host", host).build();
    }

    private static HandshakeRequest request(String host, String local, String listening) {
        return request(host).arrivedAt(new InetSocketAddress(local, 8080), new InetSocketAddress(listening, 8080));
    }

    /** Columns: the host, the address that the peer connected to, the listening address, default rule, listed names. */
    @ParameterizedTest
    @CsvSource({
        "localhost:8080,127.0.0.1,127.0.0.1,true,true",
        "127.255.255.254,127.0.0.1,127.0.0.1,true,true",
        "[::1]:8080,::1,::1,true,true",
        "[::ffff:127.0.0.1],127.0.0.1,127.0.0.1,false,false",
        "evil.example:8080,127.0.0.1,127.0.0.1,false,false",
        "evil.example:8080,::1,::1,false,false",
        "192.0.2.7:8080,127.0.0.1,127.0.0.1,false,false",
        "chat.example.org,127.0.0.1,127.0.0.1,false,true",
        "XN--BCHER-KVA.example,127.0.0.1,127.0.0.1,false,true",
        "evil.example:8080,127.0.0.1,0.0.0.0,false,false",
        "evil.example:8080,127.9.9.9,0.0.0.0,false,false",
        "evil.example:8080,::1,::,false,false",
        "192.0.2.7:8080,127.0.0.1,0.0.0.0,true,true",
        "evil.example:8080,192.0.2.7,0.0.0.0,true,false",
        "evil.example:8080,192.0.2.7,192.0.2.7,true,false",
        "chat.example.org:8080,192.0.2.7,0.0.0.0,true,true",
        "127.1,192.0.2.7,0.0.0.0,false,false",
        "user@chat.example.org,192.0.2.7,0.0.0.0,false,false",
        "b\u00FCcher.example,192.0.2.7,0.0.0.0,false,false",
        "\u212Aelvin.example,192.0.2.7,0.0.0.0,false,false",
        "my_service:8080,192.0.2.7,0.0.0.0,true,false",
        "my_other-service_.2nd,192.0.2.7,0.0.0.0,true,false",
        "Listed_Service.:8080,192.0.2.7,0.0.0.0,true,true",
    })
    void dependsOnTheAddressesOfTheServer(
            String host, String local, String listening, boolean byDefault, boolean ifListed) {
        HandshakeRequest request = request(host, local, listening);
        assertEquals(byDefault, HostRule.defaults().allows(request));
        assertEquals(ifListed, LISTED.allows(request));
        assertTrue(HostRule.anyHost().allows(request));
    }

    @Test
    void takesARequestWithoutAddressesForOneOverANetwork() {
        assertTrue(HostRule.defaults().allows(request("any.example")));
        assertFalse(LISTED.allows(request("any.example")));
        assertTrue(request("x").localAddress().isEmpty());
        InetSocketAddress unknown = InetSocketAddress.createUnresolved("unknown", 0);
        assertTrue(HostRule.defaults().allows(request("any.example").arrivedAt(unknown, unknown)));
    }

    @Test
    void wantsExactlyOneHost() {
        HandshakeRequest.Builder none = HandshakeRequest.builder("/ws", PEER);
        assertFalse(HostRule.defaults().allows(none.build()));
        HandshakeRequest.Builder two = none.header("Host", "localhost").header("HOST", "localhost");
        assertFalse(HostRule.defaults().allows(two.build()));
    }

    @Test
    void keepsTheAddressesAndTheRequest() {
        HandshakeRequest request = request("localhost", "192.0.2.7", "0.0.0.0");
        assertEquals(
                new InetSocketAddress("192.0.2.7", 8080), request.localAddress().orElseThrow());
        assertEquals("/ws", request.path());
        assertEquals(PEER, request.remoteAddress());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "a b", "a:80", "[::1]:80", "http://a", "*.example.org", "*", "::1", "a/b", "1.2", "a@b"})
    void listsHostNamesOnly(String name) {
        String message = assertThrows(IllegalArgumentException.class, () -> HostRule.of("a.example", name))
                .getMessage();
        assertTrue(message.startsWith("a host must be a name such as"), message);
    }
}
