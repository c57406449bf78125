package io.tankws.it.compat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tankws.CloseStatus;
import io.tankws.Payload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The published SDK for JavaScript, in Node. The test installs it with {@code npm ci}, and is skipped where Node or the
 * SDK is missing.
 */
class CentrifugeSdkTest {
    private static final Path SOURCES = Path.of("src/test/sdk");
    private static final Path INSTALLED = Path.of("target/sdk");
    private static final int MAX_SECONDS = 60;

    @BeforeAll
    static void install() throws IOException, InterruptedException {
        Files.createDirectories(INSTALLED);
        for (String name : List.of("package.json", "package-lock.json", "sdk.mjs")) {
            Files.write(INSTALLED.resolve(name), Files.readAllBytes(SOURCES.resolve(name)));
        }
        if (!Files.isDirectory(INSTALLED.resolve("node_modules/centrifuge"))) {
            String failure = run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=0");
            assumeTrue(failure.isEmpty(), () -> "the SDK cannot be installed: " + failure);
        }
    }

    @ParameterizedTest
    @CsvSource({"java-websocket, json", "jetty, json", "java-websocket, protobuf", "jetty, protobuf"})
    void theSdkForJavaScriptWorks(String transport, String encoding) throws IOException, InterruptedException {
        CompletableFuture<CentrifugeFixture> started = new CompletableFuture<>();
        CentrifugeFixture fixture = new CentrifugeFixture(
                transport,
                manager -> manager,
                protocol -> protocol.rpc("reconnect", (client, user) -> {
                            CloseStatus status = new CloseStatus(3011, "force reconnect");
                            started.join().tank.closeClient(textOf(user), status);
                            return CompletableFuture.completedStage(user);
                        })
                        .rpc(
                                "unsubscribe",
                                (client, user) -> started.join()
                                        .tank
                                        .unsubscribeUser(textOf(user), "small")
                                        .thenApply(done -> user))
                        .rpc("shutdown", (client, argument) -> {
                            // A stop of the server would overtake the shutdown, which runs on a thread of its own.
                            started.join().tank.shutdown(Duration.ofSeconds(5));
                            return CompletableFuture.completedStage(argument);
                        }));
        try (fixture) {
            started.complete(fixture);
            String address = "ws://127.0.0.1:" + fixture.server.port() + CentrifugePeer.PATH;
            assertEquals("", run("node", "sdk.mjs", address, encoding));
        }
    }

    private static String textOf(Payload string) {
        return string.asText().replace("\"", "");
    }

    /** Runs a program. Returns the end of its output, or an empty text if it succeeds. */
    private static String run(String... command) throws InterruptedException, IOException {
        Path output = Files.createTempFile("sdk", ".txt");
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .directory(INSTALLED.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
        } catch (IOException missing) {
            return command[0] + " is missing";
        }
        try {
            assertTrue(process.waitFor(MAX_SECONDS, TimeUnit.SECONDS), () -> command[0] + " does not end");
        } finally {
            process.destroyForcibly();
        }
        String text = Files.readString(output, StandardCharsets.UTF_8);
        Files.delete(output);
        return process.exitValue() == 0 ? "" : text.substring(Math.max(0, text.length() - 2000));
    }
}
