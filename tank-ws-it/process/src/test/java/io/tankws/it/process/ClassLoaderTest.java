package io.tankws.it.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.testkit.Await;
import io.tankws.testkit.FreePort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.embedded.core.ExecutableProvider;

/** After an application that uses the library has ended, nothing in the process keeps its class loader. */
class ClassLoaderTest {
    /** Netty registers a listener of Flight Recorder and never removes it. The guide names this property. */
    private static final List<String> WITHOUT_NETTY_EVENTS = List.of("-Dio.netty.jfr.enabled=false");

    private static JavaProcess.Result live(List<String> options, String... arguments) throws Exception {
        Path program = JavaProcess.classPath().stream()
                .filter(file -> file.endsWith("test-classes"))
                .findFirst()
                .orElseThrow();
        List<String> all = new ArrayList<>(options);
        // The program itself needs no other class; the application is loaded from the whole class path.
        all.addAll(List.of("-cp", program.toString()));
        List<String> words = new ArrayList<>(List.of(JavaProcess.join(JavaProcess.classPath())));
        words.addAll(List.of(arguments));
        return JavaProcess.run(all, LifeProgram.class, words.toArray(String[]::new));
    }

    private static void assertCollected(JavaProcess.Result result) {
        assertEquals(0, result.status(), result::output);
    }

    @Test
    void aLoaderThatStaysIsNoticed() throws Exception {
        JavaProcess.Result result = live(List.of(), "leak");
        assertEquals(LifeProgram.STAYS, result.status(), result::output);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jetty", "java-websocket", "in-memory", "mounted", "proxy"})
    void theLoaderIsCollected(String way) throws Exception {
        assertCollected(live(List.of(), way));
    }

    @Test
    void theLoaderIsCollectedAfterAClusterInMemory() throws Exception {
        assertCollected(live(List.of(), "cluster", "in-memory://here"));
    }

    @Test
    void theLoaderIsCollectedAfterTls(@TempDir Path directory) throws Exception {
        Path store = directory.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "test",
                        "-dname",
                        "CN=test",
                        "-keyalg",
                        "EC",
                        "-ext",
                        "san=dns:localhost,ip:127.0.0.1",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        "changeit")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        assertTrue(keytool.waitFor(120, TimeUnit.SECONDS) && keytool.exitValue() == 0, "keytool makes a key");
        assertCollected(live(List.of(), "tls", store.toString()));
    }

    @Test
    void theLoaderIsCollectedAfterAClusterOverRedis() throws Exception {
        int port = FreePort.find();
        Process redis = new ProcessBuilder(
                        ExecutableProvider.newJarResourceProvider().get().getPath(),
                        "--port",
                        "" + port,
                        "--bind",
                        "127.0.0.1",
                        "--save",
                        "")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            Await.until("Redis", () -> answers(port));
            assertCollected(live(WITHOUT_NETTY_EVENTS, "cluster", "redis://127.0.0.1:" + port));
        } finally {
            redis.destroyForcibly();
        }
    }

    private static boolean answers(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            return socket.getInputStream().read() == '+';
        } catch (IOException e) {
            return false;
        }
    }
}
