package io.tankws.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The example servers as processes of their own. */
class ProcessTest {
    private static final int WAIT_SECONDS = 60;
    private static final int SIGTERM_STATUS = 128 + 15;

    @TempDir
    private Path directory;

    private Process process;

    @AfterEach
    void kill() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    private void start(Class<?> program, String... arguments) throws IOException {
        start(List.of(), program, arguments);
    }

    private void start(List<String> javaOptions, Class<?> program, String... arguments) throws IOException {
        // All entries of the module path and of the class path of this test form a class path.
        String path = Stream.of(System.getProperty("jdk.module.path", ""), System.getProperty("java.class.path", ""))
                .filter(each -> !each.isEmpty())
                .reduce((one, other) -> one + File.pathSeparator + other)
                .orElseThrow();
        List<String> command =
                new ArrayList<>(List.of(ProcessHandle.current().info().command().orElseThrow(), "-cp", path));
        command.add("-XX:TieredStopAtLevel=1");
        command.addAll(javaOptions);
        command.add(program.getName());
        command.addAll(List.of(arguments));
        process = new ProcessBuilder(command)
                .redirectError(directory.resolve("errors").toFile())
                .start();
    }

    private int exit() throws InterruptedException {
        assertTrue(process.waitFor(WAIT_SECONDS, TimeUnit.SECONDS), "the process does not end");
        return process.exitValue();
    }

    private String errors() throws IOException {
        return Files.readString(directory.resolve("errors")).strip();
    }

    private URI awaitAddress() throws IOException {
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        String line = out.readLine();
        while (line != null && !line.startsWith("listening on ")) {
            line = out.readLine();
        }
        assertTrue(line != null, "no line 'listening on'");
        return URI.create(line.substring("listening on ".length()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"jetty", "java-websocket"})
    void stopsCleanlyOnASignal(String transport) throws Exception {
        start(Server.class, "--port", "0", "--http-port", "0", "--transport", transport);
        BlockingQueue<String> texts = new LinkedBlockingQueue<>();
        CompletableFuture<Integer> closed = new CompletableFuture<>();
        HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create(awaitAddress() + "?user_id=ann"), new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
                        texts.add(data.toString());
                        from.request(1);
                        return null;
                    }

                    @Override
                    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
                        closed.complete(code);
                        return null;
                    }
                })
                .get(WAIT_SECONDS, TimeUnit.SECONDS);
        assertEquals("Hello, ann! Welcome to WebSocket server.", texts.poll(WAIT_SECONDS, TimeUnit.SECONDS));
        process.destroy();
        assertEquals("Server is shutting down", texts.poll(WAIT_SECONDS, TimeUnit.SECONDS));
        assertEquals(1001, closed.get(WAIT_SECONDS, TimeUnit.SECONDS));
        assertEquals(SIGTERM_STATUS, exit());
        assertEquals("", errors());
    }

    @ParameterizedTest
    @ValueSource(strings = {"jetty", "java-websocket"})
    void aServerKeepsItsProcessAliveUntilItIsClosed(String transport) throws Exception {
        start(EchoServer.class, "--port", "0", "--transport", transport);
        CompletableFuture<String> echo = new CompletableFuture<>();
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(awaitAddress(), new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
                        echo.complete(data.toString());
                        return null;
                    }
                })
                .get(WAIT_SECONDS, TimeUnit.SECONDS);
        socket.sendText("still there", true);
        assertEquals("still there", echo.get(WAIT_SECONDS, TimeUnit.SECONDS));
        socket.abort();
        process.destroy();
        assertEquals(SIGTERM_STATUS, exit());
    }

    @Test
    void aWrongOptionIsOneSentenceAndStatus2() throws Exception {
        start(Server.class, "--port", "many");
        assertEquals(2, exit());
        assertEquals("The option --port must be a number from 0 to 65535, but was 'many'. See --help.", errors());
    }

    @Test
    void aBusyPortIsOneSentenceAndStatus1() throws Exception {
        try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            start(Server.class, "--http-port", "0", "--port", String.valueOf(busy.getLocalPort()));
            assertEquals(1, exit());
            assertEquals("cannot listen on 127.0.0.1:" + busy.getLocalPort() + ": Address already in use", errors());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jetty", "java-websocket"})
    void aBusyPortOfAnIpv6AddressIsNamedInBrackets(String transport) throws Exception {
        try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getByName("::1"))) {
            start(
                    EchoServer.class,
                    "--host",
                    "[::1]",
                    "--port",
                    String.valueOf(busy.getLocalPort()),
                    "--transport",
                    transport);
            assertEquals(1, exit());
            assertEquals("cannot listen on [::1]:" + busy.getLocalPort() + ": Address already in use", errors());
        }
    }

    @Test
    void aWrongUriIsOneSentenceAndStatus2() throws Exception {
        start(Server.class, "--port", "0", "--http-port", "0", "--redis", "redis://user:s3cret@");
        assertEquals(2, exit());
        assertEquals(
                "The option --redis is not valid: the URI of the Redis backplane must have the form"
                        + " redis://[user:password@]host[:port][/database]. See --help.",
                errors());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void loadsTheRedisClientOnlyWithTheOption(boolean wanted) throws Exception {
        Path classes = directory.resolve("classes");
        List<String> arguments = new ArrayList<>(List.of("--port", "0", "--http-port", "0"));
        if (wanted) {
            // No Redis listens there. A node starts nevertheless, and waits for its Redis.
            arguments.addAll(List.of("--redis", "redis://127.0.0.1:1"));
        }
        start(List.of("-Xlog:class+load:file=" + classes), Server.class, arguments.toArray(String[]::new));
        awaitAddress();
        process.destroy();
        assertEquals(SIGTERM_STATUS, exit());
        String loaded = Files.readString(classes);
        for (String name : List.of("io.lettuce.", "io.netty.", "io.tankws.backplane.")) {
            assertEquals(wanted, loaded.contains(" " + name), name);
        }
    }

    @Test
    void helpListsTheOptions() throws Exception {
        start(Server.class, "--help");
        assertEquals(0, exit());
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        for (String option : List.of(
                "--host",
                "--port",
                "--path",
                "--http-port",
                "--transport",
                "--heartbeat",
                "--token",
                "--origins",
                "--max-message",
                "--hosts",
                "--peers",
                "--redis",
                "--cluster",
                "--outage")) {
            assertTrue(text.contains(option), option);
        }
    }
}
