package io.tankws.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.ClusterConfig;
import io.tankws.OutagePolicy;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {
    private static Options with(String value) throws UsageException {
        return new Options(Map.of("--x", ""), "--x", value);
    }

    @Test
    void takesDefaultsAndLaterValues() throws UsageException {
        Map<String, String> known = Map.of("--port", "1", "--path", "/a");
        Options options = new Options(known, "--port", "2");
        assertEquals(2, options.port("--port"));
        assertEquals("/a", options.path("--path"));
    }

    @Test
    void understandsEachKind() throws UsageException {
        assertEquals(
                Optional.of(new Options.Heartbeat(Duration.ofMillis(500), Duration.ofMinutes(2))),
                with("500ms,2m").heartbeat("--x"));
        assertEquals(Optional.empty(), with("off").heartbeat("--x"));
        assertEquals("jetty", with("jetty").oneOf("--x", "jetty", "java-websocket"));
        assertEquals(7, with("7").number("--x", 7, 8));
        with("chat.example.org,192.0.2.7").hosts("--x");
        assertEquals(
                List.of("127.0.0.1:8083", "[::1]:8085"),
                with("127.0.0.1:8083,[::1]:8085").peers("--x"));
        assertEquals(List.of(), with("").peers("--x"));
        with("same").origins("--x");
        with("any").origins("--x");
        with("https://a.example,http://b.example:81").origins("--x");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "on", "30s", "30s,", "30,60", "1s,2s,3s", "-1s,2s", "0s,1s", "9ms,1s", "1h,1h"})
    void refusesHeartbeats(String value) {
        assertThrows(UsageException.class, () -> with(value).heartbeat("--x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "-1", "65536", "99999999999", "80 "})
    void refusesPorts(String value) {
        assertThrows(UsageException.class, () -> with(value).port("--x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ws", "/ws?x", "/w s", "//<"})
    void refusesPaths(String value) {
        assertThrows(UsageException.class, () -> with(value).path("--x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "none", "https://a.example/", "https://a.example,", "*"})
    void refusesOrigins(String value) {
        assertThrows(UsageException.class, () -> with(value).origins("--x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a:80", "a,", "http://a", "*", "a b"})
    void refusesHosts(String value) {
        assertThrows(UsageException.class, () -> with(value).hosts("--x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a;b", "\"", "http://a", "a:b", "a/b", "*", "\r\n", "a,", "u@a"})
    void refusesPeers(String value) {
        assertThrows(UsageException.class, () -> with(value).peers("--x"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"127.0.0.1", "::1", "[::1]", "[fe80::1%eth0]", "::", "localhost", "my_host", "chat.example.org"})
    void takesHostsToListenOn(String value) throws UsageException {
        assertEquals(value.replaceAll("[\\[\\]]", ""), with(value).host("--x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[::1", "::1]", "[]", "[127.0.0.1]", "[::1]:80", "a:80", "a b", "http://a", "a/b"})
    void refusesHostsToListenOn(String value) {
        assertThrows(UsageException.class, () -> with(value).host("--x"));
    }

    private static String fails(int status, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int real = Main.run(
                Server::start,
                "usage",
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                arguments);
        assertEquals(status, real);
        assertEquals("", out.toString(StandardCharsets.UTF_8));
        String text = err.toString(StandardCharsets.UTF_8);
        assertEquals(1, text.lines().count(), text);
        return text.strip();
    }

    @ParameterizedTest
    @CsvSource({
        "--port,80x,'The option --port must be a number from 0 to 65535, but was ''80x''.'",
        "--transport,netty,'The option --transport must be jetty or java-websocket, but was ''netty''.'",
        "--path,ws,'The option --path must be a path such as /ws, but was ''ws''.'",
        "--max-message,0,'The option --max-message must be a number from 1 to 1073741824, but was ''0''.'"
    })
    void reportsAMistakeInOneSentence(String option, String value, String sentence) {
        assertEquals(sentence + " See --help.", fails(2, option, value));
    }

    @Test
    void namesTheKnownOptionsAndTheMissingValue() {
        assertTrue(fails(2, "--prot", "80").startsWith("There is no option --prot; the options are --cluster,"));
        assertTrue(fails(2, "--port", "1", "--port", "2")
                .startsWith("The option --port must be given once, but was given twice."));
        assertTrue(fails(1, "--host", "host.invalid").contains("host.invalid:8081"));
        assertTrue(fails(2, "--port").startsWith("The option --port must have a value."));
    }

    private static ClusterConfig cluster(String... arguments) throws UsageException {
        Map<String, String> known = Map.of("--redis", "", "--cluster", "demo", "--outage", "fail");
        return new Options(known, arguments).cluster().orElseThrow();
    }

    @Test
    void isANodeOfAClusterOnlyWithRedis() throws UsageException {
        String uri = "redis://127.0.0.1:6379";
        ClusterConfig demo = cluster("--redis", uri);
        assertEquals("demo", demo.name());
        assertEquals(uri, demo.uri());
        assertEquals(OutagePolicy.FAIL, demo.outagePolicy());
        assertEquals("other", cluster("--redis", uri, "--cluster", "other").name());
        assertEquals(
                OutagePolicy.LOCAL_ONLY,
                cluster("--redis", uri, "--outage", "local").outagePolicy());
        assertEquals(
                OutagePolicy.buffer(10_000, 16 * 1024 * 1024, Duration.ofSeconds(30)),
                cluster("--redis", uri, "--outage", "buffer").outagePolicy());
        assertTrue(fails(2, "--cluster", "demo").startsWith("The option --cluster needs --redis."));
        assertTrue(fails(2, "--outage", "local").startsWith("The option --outage needs --redis."));
        assertTrue(fails(2, "--redis", uri, "--outage", "wait").contains("fail or local or buffer"));
    }

    @ParameterizedTest
    @CsvSource({
        "2,//user:s3cret@127.0.0.1,demo",
        "1,user:s3cret@127.0.0.1,demo",
        "2,redis://user:s3cret@,demo",
        "2,redis://user:s3cret@127.0.0.1,two words",
        "1,amqp://user:s3cret@127.0.0.1,demo"
    })
    void aWrongUriIsOneSentenceWithoutThePassword(int status, String uri, String name) {
        String sentence = fails(status, "--redis", uri, "--cluster", name, "--port", "0", "--http-port", "0");
        assertFalse(sentence.contains("s3cret"), sentence);
    }
}
