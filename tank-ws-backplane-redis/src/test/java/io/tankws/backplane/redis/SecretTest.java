package io.tankws.backplane.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisException;
import io.tankws.BackplaneException;
import io.tankws.ClusterConfig;
import io.tankws.spi.BackplaneConfig;
import io.tankws.testkit.Await;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No output of the module about a failure contains the password or a text of the server. */
class SecretTest {
    private static final String SECRET = "pa55/w#rd@x";
    private static final String ENCODED = "pa55%2Fw%23rd%40x";

    private static void assertClean(Object output) {
        String text = output instanceof Throwable thrown ? text(thrown) : String.valueOf(output);
        String lower = text.toLowerCase(Locale.ROOT);
        for (String form : forms()) {
            assertFalse(lower.contains(form.toLowerCase(Locale.ROOT)), form + " is in " + text);
        }
    }

    /** Returns the stack trace with all causes and suppressed exceptions, as a log shows it. */
    private static String text(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    private static List<String> forms() {
        byte[] bytes = SECRET.getBytes(StandardCharsets.UTF_8);
        return List.of(
                SECRET,
                ENCODED,
                "pa55",
                new StringBuilder(SECRET).reverse().toString(),
                HexFormat.of().formatHex(bytes),
                Base64.getEncoder().encodeToString(bytes));
    }

    private static void assertDownAndClean(TestNode node, String why) {
        node.awaitCause(why);
        Await.until("a second cause, not " + node.causes, () -> node.causes.size() > 1);
        node.causes.forEach(SecretTest::assertClean);
        assertClean(TestNode.failure(node.publish("a", "x")));
        assertClean(TestNode.failure(node.backplane.sumAcrossOtherNodes("f")));
        assertClean(TestNode.failure(node.backplane.publishCounts(Map.of(), Duration.ofSeconds(1))));
        assertEquals(0, node.count("up"));
    }

    /** Redis quotes the arguments of unknown commands, which include the password. */
    @Test
    void renamedCommands() throws IOException {
        try (TestRedis redis = TestRedis.start("rename-command AUTH \"\"", "rename-command HELLO \"\"")) {
            for (String login : List.of(":" + ENCODED, "me:" + ENCODED)) {
                try (TestNode node = new TestNode("c", "redis://" + login + "@127.0.0.1:" + redis.port())) {
                    assertDownAndClean(node, "does not know a command");
                }
            }
        }
    }

    @Test
    void wrongPasswordAndMissingRights() throws IOException {
        try (TestRedis redis =
                TestRedis.start("requirepass other", "user me on >" + SECRET.replace("#", "h") + " +ping")) {
            try (TestNode node = new TestNode("c", "redis://:" + ENCODED + "@127.0.0.1:" + redis.port())) {
                assertDownAndClean(node, "WRONGPASS");
            }
            String known = ENCODED.replace("%23", "h");
            try (TestNode node = new TestNode("c", "redis://me:" + known + "@127.0.0.1:" + redis.port())) {
                assertDownAndClean(node, "NOPERM");
            }
        }
    }

    @Test
    void sentinelWithAPassword() throws IOException {
        try (TestRedis redis = TestRedis.start("requirepass other");
                TestRedis sentinel = TestRedis.startSentinel(redis.port(), "requirepass another")) {
            String place = ENCODED + "@127.0.0.1:" + sentinel.port();
            try (TestNode node = new TestNode("c", "redis-sentinel://" + place + "#tank")) {
                assertDownAndClean(node, "WRONGPASS");
            }
        }
    }

    static List<String> errors() {
        List<String> errors = new ArrayList<>();
        for (String form : forms()) {
            errors.add("-ERR unknown command 'HELLO', with args beginning with: '3' 'AUTH' '" + form + "'");
            errors.add("-" + form);
            errors.add("-WRONGPASS " + form);
            errors.add("-NOPROTO " + form);
            errors.add("-MOVED 1 " + form + ":6379");
            errors.add("!" + (4 + form.length()) + "\r\nERR " + form);
            errors.add(form);
            errors.add("+" + form);
            errors.add("*2\r\n$4\r\nslav\r\n$" + form.length() + "\r\n" + form);
        }
        return errors;
    }

    /** A server may send any text. */
    @ParameterizedTest
    @MethodSource("errors")
    void whateverTheServerSays(String error) throws IOException {
        try (Answering server = new Answering(error)) {
            for (String scheme : List.of("redis", "redis-cluster", "redis-sentinel", "rediss")) {
                String tail = scheme.endsWith("sentinel") ? "#tank" : "";
                String uri = scheme + "://:" + ENCODED + "@127.0.0.1:" + server.port() + tail;
                try (TestNode node = new TestNode("c", uri)) {
                    node.awaitCall("down");
                    node.causes.forEach(SecretTest::assertClean);
                }
            }
        }
    }

    /** A server that sends the same reply to every command. */
    private static final class Answering implements AutoCloseable {
        private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final List<Socket> sockets = new CopyOnWriteArrayList<>();
        private final byte[] answer;

        Answering(String error) throws IOException {
            answer = (error + "\r\n").getBytes(StandardCharsets.UTF_8);
            start(this::accept);
        }

        private static void start(Runnable task) {
            Thread thread = new Thread(task, "answering");
            thread.setDaemon(true);
            thread.start();
        }

        private void accept() {
            try {
                while (true) {
                    Socket socket = server.accept();
                    sockets.add(socket);
                    start(() -> answer(socket));
                }
            } catch (IOException e) {
                // The test has ended.
            }
        }

        private void answer(Socket socket) {
            try (socket) {
                byte[] buffer = new byte[4096];
                while (socket.getInputStream().read(buffer) > 0) {
                    socket.getOutputStream().write(answer);
                }
            } catch (IOException e) {
                // The node has closed the connection.
            }
        }

        int port() {
            return server.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            server.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    @Test
    void exceptionsOfLibrariesStayInside() {
        String text = "ERR " + SECRET + " " + ENCODED;
        RedisException suppressing = new RedisException(text);
        suppressing.addSuppressed(new IllegalStateException(text));
        for (Throwable thrown : List.of(
                new RedisCommandExecutionException(text),
                new RedisConnectionException(text, new RedisCommandExecutionException(text)),
                new RedisConnectionException(text, new SSLHandshakeException(text)),
                new CertificateException(text),
                new UnknownHostException(text),
                new ConnectException(text),
                new TimeoutException(text),
                new UncheckedIOException(new IOException(text)),
                new NumberFormatException(text),
                suppressing)) {
            for (Throwable each : List.of(thrown, new CompletionException(thrown))) {
                assertClean(RedisErrors.of(each, false));
                assertClean(RedisErrors.of(each, true));
                assertClean(RedisErrors.describe(each));
            }
        }
        BackplaneException ours = RedisErrors.unreachable("ours");
        assertEquals(ours, RedisErrors.of(new CompletionException(ours), true));
    }

    /** A login that is not percent-encoded is rejected and not resolved as a host. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis://:SECRET@host",
                "redis://pa55/x@host",
                "redis://pa55?x@host",
                "redis://pa55#x@host",
                "redis://me:pa55%zz@host",
                "redis://me:pa55@x@host",
                "redis://me:pa55@ho st",
                "redis://me:pa55@host:70000",
                "redis://me:pa55@[::1",
                "redis-sentinel://pa55@x@one#tank",
                "redis-sentinel://pa55@one,two:x#tank",
                "redis-cluster://me:pa55/x@one",
                "redis-cluster://me:pa55@one,t|wo",
                "http://me:pa55@host"
            })
    void aUriThatIsNoneIsNotRepeated(String uri) {
        String wrong = uri.replace("SECRET", SECRET);
        assertClean(assertThrows(IllegalArgumentException.class, () -> RedisEndpoints.parse(wrong)));
        ClusterConfig cluster = ClusterConfig.of("c", wrong);
        assertClean(cluster);
        BackplaneConfig config = new BackplaneConfig("c", wrong, "n", "m");
        assertClean(config);
        assertClean(assertThrows(IllegalArgumentException.class, () -> new RedisBackplaneProvider().create(config)));
    }

    @Test
    void endpointsAsTextContainNoPassword() {
        for (String uri : List.of(
                "redis://me:" + ENCODED + "@host",
                "redis-sentinel://" + ENCODED + "@one,two#tank",
                "redis-cluster://me:" + ENCODED + "@one,two")) {
            RedisEndpoints address = RedisEndpoints.parse(uri);
            assertClean(address);
            assertClean(address.data());
            assertClean(address.seeds());
            assertClean(address.server("host", 1));
            assertClean(assertThrows(SessionException.class, () -> address.server(SECRET, 1)));
        }
    }

    @Test
    void countsThatNoNodeCanHaveWrittenAreZero() {
        for (String figure : List.of("", "-1", SECRET, "9223372036854775808", "9999999999999999999", "1e9")) {
            assertEquals(0, NodeCounts.parseCount(figure.getBytes(StandardCharsets.UTF_8)), figure);
        }
        byte[] largest = "9223372036854775807".getBytes(StandardCharsets.UTF_8);
        assertEquals(Long.MAX_VALUE, NodeCounts.parseCount(largest));
        assertEquals(Long.MAX_VALUE, NodeCounts.addSaturated(Long.MAX_VALUE, NodeCounts.parseCount(largest)));
    }
}
