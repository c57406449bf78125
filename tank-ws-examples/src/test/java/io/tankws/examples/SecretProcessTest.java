package io.tankws.examples;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The outputs of the server as a program, with every logger at its most detailed level. */
class SecretProcessTest {
    private static final String SECRET = "s3cr3t-of-redis";
    private static final int WAIT_SECONDS = 60;

    @TempDir
    private Path directory;

    private ServerSocket redis;
    private Process process;

    @BeforeEach
    void startRedis() throws IOException {
        redis = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        daemon(this::accept);
    }

    @AfterEach
    void stop() throws IOException {
        if (process != null) {
            process.destroyForcibly();
        }
        redis.close();
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "redis");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = redis.accept();
                daemon(() -> answer(socket));
            }
        } catch (IOException e) {
            // The test is over.
        }
    }

    /** Answers like a Redis whose HELLO and AUTH are renamed. */
    private static void answer(Socket socket) {
        try (socket) {
            byte[] buffer = new byte[4096];
            InputStream in = socket.getInputStream();
            while (in.read(buffer) > 0) {
                String error = "-ERR unknown command 'AUTH', with args beginning with: '" + SECRET + "' \r\n";
                socket.getOutputStream().write(error.getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            // The server has disconnected.
        }
    }

    private static String get(HttpClient http, URI page, String path) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(page.resolve(path)).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Test
    void noOutputHoldsThePasswordThatRedisQuotes() throws Exception {
        String path = Stream.of(System.getProperty("jdk.module.path", ""), System.getProperty("java.class.path", ""))
                .filter(each -> !each.isEmpty())
                .reduce((one, other) -> one + File.pathSeparator + other)
                .orElseThrow();
        Path log = directory.resolve("log");
        process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-XX:TieredStopAtLevel=1",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=debug",
                        "-cp",
                        path,
                        Server.class.getName(),
                        "--port",
                        "0",
                        "--http-port",
                        "0",
                        "--redis",
                        "redis://me:" + SECRET + "@127.0.0.1:" + redis.getLocalPort())
                .redirectError(log.toFile())
                .start();
        StringBuilder output = new StringBuilder();
        URI page = null;
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        for (String line = out.readLine(); page == null && line != null; line = out.readLine()) {
            output.append(line);
            if (line.startsWith("page on ")) {
                page = URI.create(line.substring("page on ".length()));
                break;
            }
        }
        assertTrue(page != null, "the page is named");
        HttpClient http = HttpClient.newHttpClient();
        URI known = page;
        Await.until("the reason", () -> get(http, known, "/stats").contains("does not know a command"));
        for (String each : List.of("/stats", "/events", "/nodes", "/")) {
            output.append(get(http, page, each));
        }
        output.append(http.send(
                        HttpRequest.newBuilder(page.resolve("/broadcast"))
                                .POST(HttpRequest.BodyPublishers.ofString("x"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body());
        process.destroy();
        assertTrue(process.waitFor(WAIT_SECONDS, TimeUnit.SECONDS), "the process ends");
        String logged = Files.readString(log);
        assertTrue(logged.contains("DEBUG io.lettuce"), "Lettuce logs");
        assertFalse(output.toString().contains(SECRET), output::toString);
        assertFalse(
                logged.contains(SECRET),
                () -> logged.lines()
                        .filter(line -> line.contains(SECRET))
                        .toList()
                        .toString());
    }
}
