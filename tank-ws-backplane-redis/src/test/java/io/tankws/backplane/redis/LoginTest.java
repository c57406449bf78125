package io.tankws.backplane.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LoginTest {
    @Test
    void password() throws IOException {
        try (TestRedis redis = TestRedis.start("requirepass s3cret")) {
            String place = "127.0.0.1:" + redis.port();
            try (TestNode node = TestNode.up("c", "redis://:s3cret@" + place)) {
                node.subscribe("a");
                TestNode.join(node.publish("a", "1"));
                node.awaitMessage("a=1");
            }
            for (String login : List.of("", ":wr0ng@")) {
                try (TestNode node = new TestNode("c", "redis://" + login + place)) {
                    node.awaitTold("down");
                    String causes = causes(node.cause);
                    assertTrue(causes.contains(login.isEmpty() ? "NOAUTH" : "WRONGPASS"), causes);
                    assertFalse(causes.contains("wr0ng"), causes);
                    assertEquals(0, node.count("up"));
                }
            }
        }
    }

    private static String causes(Throwable cause) {
        return cause == null ? "" : cause + "\n" + causes(cause.getCause());
    }

    @Test
    void database() throws IOException {
        try (TestRedis redis = TestRedis.start();
                TestNode node = TestNode.up("c", redis.uri() + "/5")) {
            TestNode.join(node.backplane.lease(Map.of("f", 1L), Duration.ofMinutes(1)));
            assertTrue(String.valueOf(redis.ask("INFO", "keyspace")).contains("db5:keys=2"));
        }
    }
}
