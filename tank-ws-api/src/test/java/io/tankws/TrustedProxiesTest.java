package io.tankws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.wire.IpLiterals;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract suite covers the headers themselves on every transport. */
class TrustedProxiesTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1,127.0.0.1,true",
        "127.0.0.1,127.0.0.2,false",
        "10.0.0.0/8,10.255.255.255,true",
        "10.1.2.3/8,10.9.9.9,true",
        "10.0.0.0/8,11.0.0.0,false",
        "192.0.2.128/25,192.0.2.128,true",
        "192.0.2.128/25,192.0.2.127,false",
        "192.0.2.4/31,192.0.2.5,true",
        "192.0.2.4/31,192.0.2.6,false",
        "172.16.0.0/12,172.31.255.255,true",
        "172.16.0.0/12,172.32.0.0,false",
        "0.0.0.0/0,255.255.255.255,true",
        "0.0.0.0/0,::1,false",
        "::/0,2001:db8::1,true",
        "::/0,127.0.0.1,false",
        "::1,::1,true",
        "::1,::2,false",
        "2001:db8::/33,2001:db8:7fff::1,true",
        "2001:db8::/33,2001:db8:8000::1,false",
        "fd00::/8,fd12:3456::1,true",
        "::ffff:10.0.0.1,10.0.0.1,true",
        "::ffff:10.0.0.0/104,10.9.9.9,true",
        "10.0.0.1,::ffff:10.0.0.1,true",
    })
    void containsAddressesOfItsNetworks(String network, String address, boolean contained) {
        assertEquals(
                contained,
                TrustedProxies.of(network).contains(IpLiterals.parse(address).orElseThrow()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "localhost", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/08", "10.0.0/8", "10.0.0.0/8/8",
                "::1/129", "[::1]", "fe80::1%lo", "::ffff:10.0.0.0/8", " 10.0.0.1", "10.0.0.1,10.0.0.2", "010.0.0.1",
                        "1",
                "*", "10.0.0.*", "\u0661.1.1.1"
            })
    void listsAddressesAndNetworksOnly(String text) {
        String message = assertThrows(IllegalArgumentException.class, () -> TrustedProxies.of("127.0.0.1", text))
                .getMessage();
        assertTrue(message.startsWith("a trusted proxy must be"), message);
    }

    @Test
    void trustsNoPeerWithoutAnAddress() {
        HandshakeRequest request = HandshakeRequestTest.valid("/ws")
                .header("X-Forwarded-For", "198.51.100.7")
                .build();
        assertSame(request, TrustedProxies.of("0.0.0.0/0", "::/0").resolve(request));
        assertFalse(TrustedProxies.of("::/0").contains(null));
        assertTrue(TrustedProxies.of().isEmpty());
    }

    @Test
    void keepsTheRestOfTheRequest() {
        HandshakeRequest request = HandshakeRequest.builder("/ws?a=1", new InetSocketAddress("127.0.0.1", 1))
                .header("HOST", "inner.example")
                .header("X-Forwarded-Host", "outer.example")
                .header("X-Other", "1")
                .build()
                .arrivedAt(new InetSocketAddress("127.0.0.1", 8080), new InetSocketAddress("127.0.0.1", 8080));
        HandshakeRequest resolved = TrustedProxies.of("127.0.0.1").resolve(request);
        assertEquals("outer.example", resolved.header("Host").orElseThrow());
        assertEquals("outer.example", resolved.headers().get("host").get(0));
        assertEquals("1", resolved.header("x-other").orElseThrow());
        assertEquals("1", resolved.queryParameter("a").orElseThrow());
        assertEquals(request.localAddress(), resolved.localAddress());
        assertEquals("inner.example", request.header("Host").orElseThrow());
        assertFalse(HostRule.defaults().allows(request));
        assertTrue(HostRule.defaults().allows(resolved));
        assertFalse(HostRule.of("inner.example").allows(resolved));
    }

    @Test
    void twoHostsStayTwo() {
        HandshakeRequest request = HandshakeRequest.builder("/ws", new InetSocketAddress("127.0.0.1", 1))
                .header("Host", "a.example")
                .header("Host", "b.example")
                .header("X-Forwarded-Host", "outer.example")
                .build();
        HandshakeRequest resolved = TrustedProxies.of("127.0.0.1").resolve(request);
        assertEquals(2, resolved.headers().get("Host").size());
    }
}
