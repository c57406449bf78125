package io.tankws.backplane.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.HistoryQuery;
import io.tankws.Payload;
import io.tankws.Publication;
import io.tankws.PublishOptions;
import io.tankws.TopicOptions;
import io.tankws.testkit.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
                    node.awaitCause(login.isEmpty() ? "NOAUTH" : "WRONGPASS");
                    for (Throwable cause : node.causes) {
                        String causes = causes(cause);
                        assertFalse(causes.contains("wr0ng"), causes);
                    }
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
            TestNode.join(node.backplane.publishCounts(Map.of("f", 1L), Duration.ofMinutes(1)));
            assertTrue(String.valueOf(redis.ask("INFO", "keyspace")).contains("db5:keys=2"));
        }
    }

    /** The rights that docs/cluster.md lists for one server. */
    @Test
    void theDocumentedRightsSuffice() throws IOException {
        Matcher rule = Pattern.compile("(?m)^ACL SETUSER (tank .*)$")
                .matcher(Files.readString(Path.of("..", "docs", "cluster.md")));
        assertTrue(rule.find());
        List<String> words = new ArrayList<>(List.of("ACL", "SETUSER"));
        words.addAll(List.of(rule.group(1).replace("NAME", "c").split(" ")));
        try (TestRedis redis = TestRedis.start()) {
            assertEquals("OK", redis.ask(words.toArray(new String[0])));
            try (TestNode one = TestNode.up("c", "redis://tank:secret@127.0.0.1:" + redis.port());
                    TestNode two = TestNode.up("c", "redis://tank:secret@127.0.0.1:" + redis.port())) {
                one.subscribe("a");
                TestNode.join(two.publish("a", "1"));
                one.awaitMessage("a=1");
                for (Map<String, Long> figures : List.of(Map.of("f", 1L, "g", 1L), Map.of("f", 2L))) {
                    TestNode.join(two.backplane.publishCounts(figures, Duration.ofMinutes(1)));
                }
                assertEquals(2, TestNode.join(one.backplane.sumAcrossOtherNodes("f")));
                useHistory(one);
                one.backplane.unsubscribe("a");
                Await.until(
                        "it is left",
                        () -> redis.text("PUBSUB", "CHANNELS", "tankws:c:*").equals("[]"));
            }
            // Lettuce also sends CLIENT SETINFO, and nothing depends on its success.
            assertEquals(
                    List.of(),
                    Pattern.compile("object, ([^,]*)")
                            .matcher(redis.text("ACL", "LOG"))
                            .results()
                            .map(refused -> refused.group(1))
                            .filter(object -> !object.matches("client(\\|setinfo)?"))
                            .toList());
        }
    }

    private static void useHistory(TestNode node) {
        TopicOptions options =
                TopicOptions.builder().historySize(10).historyBytes(5).build();
        PublishOptions key = PublishOptions.builder().idempotencyKey("k").build();
        node.top("h");
        for (int i = 1; i <= 8; i++) {
            node.append("h", "" + i, options);
        }
        node.append("h", "larger", options);
        node.append("h", "9", options);
        assertEquals(List.of("9@10"), node.kept("h"));
        HistoryQuery reverse = HistoryQuery.builder().reverse().limit(1).build();
        assertEquals(
                10,
                TestNode.join(node.history().read("h", reverse))
                        .page()
                        .publications()
                        .get(0)
                        .offset());
        for (TopicOptions each : List.of(options, TopicOptions.NONE)) {
            Publication publication =
                    Publication.builder("h", Payload.text("key")).build();
            TestNode.join(node.history().append(publication, each, key, "t:h", new byte[0]));
        }
        TestNode.join(node.history().remove("h"));
        assertEquals(List.of(), node.kept("h"));
    }
}
