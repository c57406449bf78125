package io.tankws.backplane.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lettuce.core.RedisCredentialsProvider.ImmediateRedisCredentialsProvider;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslVerifyMode;
import io.tankws.backplane.redis.RedisEndpoints.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisEndpointsTest {
    @Test
    void oneServer() {
        RedisEndpoints address = RedisEndpoints.parse("REDISS://me:secret@host:7000/5");
        assertEquals(Kind.SINGLE, address.kind());
        assertEquals("host", address.data().getHost());
        assertEquals(7000, address.data().getPort());
        assertEquals(5, address.data().getDatabase());
        assertTrue(address.data().isSsl());
        assertEquals("secret", password(address.data()));
    }

    @Test
    void sentinels() {
        RedisEndpoints address = RedisEndpoints.parse("rediss-sentinel://secret@one:7000,two/3?verifyPeer=CA#tank");
        assertEquals(Kind.SENTINEL, address.kind());
        assertEquals("tank", address.data().getSentinelMasterId());
        // Each sentinel is tried without and with the login.
        assertEquals(
                List.of("one", "two", "one", "two"),
                address.seeds().stream().map(RedisURI::getHost).toList());
        assertEquals("secret", password(address.seeds().get(3)));
        assertEquals(26379, address.seeds().get(1).getPort());
        assertTrue(address.seeds().get(1).isSsl());
        RedisURI server = address.server("three", 7001);
        assertEquals(3, server.getDatabase());
        assertTrue(server.isSsl());
        assertEquals(SslVerifyMode.CA, server.getVerifyMode());
        assertEquals("secret", password(server));
    }

    @Test
    void cluster() {
        RedisEndpoints address = RedisEndpoints.parse("rediss-cluster://me:p%40ss@one,[::1]:7001?verifyPeer=NONE");
        assertEquals(Kind.CLUSTER, address.kind());
        assertEquals("one", address.seeds().get(0).getHost());
        assertEquals(6379, address.seeds().get(0).getPort());
        assertEquals(7001, address.seeds().get(1).getPort());
        assertEquals("p@ss", password(address.seeds().get(1)));
        assertFalse(address.server("x", 1).isVerifyPeer());
        assertTrue(address.server("x", 1).isSsl());
    }

    @Test
    void hostWithAnUnderscore() {
        RedisEndpoints address = RedisEndpoints.parse("redis://me:secret@redis_1:7000/2");
        assertEquals("redis_1", address.data().getHost());
        assertEquals(7000, address.data().getPort());
        assertEquals(
                7001,
                RedisEndpoints.parse("redis-cluster://a_b:7001").seeds().get(0).getPort());
    }

    /** A static login stays on the event loop. */
    private static String password(RedisURI uri) {
        var login = assertInstanceOf(ImmediateRedisCredentialsProvider.class, uri.getCredentialsProvider());
        return new String(login.resolveCredentialsNow().getPassword());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis:secret",
                "http://me:secret@host",
                "redis://me:secret@",
                "redis://me:secret@host:port",
                "redis://me:secret@host/x y",
                "redis-sentinel://secret@one:1",
                "redis-cluster://me:secret@",
                "redis-cluster://me:secret@one,,two",
                "redis-cluster://me:secret@one/3"
            })
    void whatMakesNoSenseIsRefusedWithoutThePassword(String uri) {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> RedisEndpoints.parse(uri));
        for (Throwable cause = refused; cause != null; cause = cause.getCause()) {
            assertFalse(cause.toString().contains("secret"), cause::toString);
        }
    }
}
