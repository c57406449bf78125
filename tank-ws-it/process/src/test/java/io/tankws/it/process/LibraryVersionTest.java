package io.tankws.it.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers and backplanes on versions of their libraries that a managed build may bring, in processes of their own. */
class LibraryVersionTest {
    private static final String NOBODY = "redis://127.0.0.1:1";
    private static final String[] JETTY = {"jetty-"};
    private static final String[] NETTY = {"netty-"};

    @TempDir
    private Path directory;

    /** Returns the class path of this test with some jars replaced by their old versions, file by file. */
    private static List<Path> with(String... names) throws IOException {
        List<Path> old = JavaProcess.old(names);
        assertFalse(old.isEmpty(), "the build has copied the old jars");
        return replace(old);
    }

    private static List<Path> replace(List<Path> others) {
        List<String> artifacts =
                others.stream().map(LibraryVersionTest::artifact).toList();
        List<Path> path = new ArrayList<>(others);
        JavaProcess.classPath().stream()
                .filter(file -> !artifacts.contains(artifact(file)))
                // Another module has this version of the jar.
                .filter(file ->
                        !artifacts.contains("netty-codec") || !artifact(file).startsWith("netty-codec"))
                .forEach(path::add);
        return path;
    }

    private static String artifact(Path file) {
        return file.getFileName().toString().replaceFirst("(-\\d.*)?\\.jar$", "");
    }

    private static JavaProcess.Result start(List<Path> classPath, String... arguments)
            throws IOException, InterruptedException {
        return JavaProcess.run(List.of("-cp", JavaProcess.join(classPath)), StartProgram.class, arguments);
    }

    /** Libraries on the module path, and the program alone on the class path. */
    private static JavaProcess.Result startOnModulePath(List<Path> all, String... arguments)
            throws IOException, InterruptedException {
        Path program = JavaProcess.classPath().stream()
                .filter(file -> file.endsWith("test-classes"))
                .findFirst()
                .orElseThrow();
        List<Path> modules = all.stream()
                .filter(file -> !file.equals(program))
                .filter(file -> !JavaProcess.startsWith(file, "embedded-redis", "commons-", "guava"))
                .toList();
        return JavaProcess.run(
                List.of(
                        "-p",
                        JavaProcess.join(modules),
                        "--add-modules",
                        "io.tankws.core,io.tankws.testkit,io.tankws.transport.jetty,"
                                + "io.tankws.transport.javawebsocket,io.tankws.backplane.redis",
                        "-cp",
                        program.toString()),
                StartProgram.class,
                arguments);
    }

    private static void assertRefused(JavaProcess.Result result, String... texts) {
        assertEquals(StartProgram.REFUSED, result.status(), result::output);
        assertTrue(result.output().contains("io.tankws.LibraryVersionException: "), result::output);
        for (String text : texts) {
            assertTrue(result.output().contains(text), result::output);
        }
    }

    private static void assertStarted(JavaProcess.Result result) {
        assertEquals(0, result.status(), result::output);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jetty", "mounted"})
    void jetty120IsRefused(String way) throws Exception {
        String[] wanted = {
            "needs Jetty 12.1, but found 12.0.30 of jetty-server", "<jetty.version>12.1.14</jetty.version>"
        };
        assertRefused(start(with(JETTY), way), wanted);
        assertRefused(startOnModulePath(with(JETTY), way), wanted);
    }

    @ParameterizedTest
    @CsvSource({"jetty-websocket,jetty-websocket-core-common", "jetty-io,jetty-io", "jetty-util,jetty-util"})
    void aMixOfJettyVersionsIsRefused(String names, String named) throws Exception {
        assertRefused(start(with(names), "jetty"), "12.1.14 of", "12.0.30 of " + named);
    }

    @Test
    void earlierJavaWebSocketIsRefused() throws Exception {
        String wanted = "needs Java-WebSocket 1.6, but found 1.5.7 of Java-WebSocket";
        assertRefused(start(with("Java-WebSocket"), "java-websocket"), wanted);
        assertRefused(startOnModulePath(with("Java-WebSocket"), "java-websocket"), wanted);
    }

    @Test
    void netty41IsRefused() throws Exception {
        String[] wanted = {"needs Netty 4.2, but found 4.1.137.Final of netty-common", "<netty.version>4.2.20.Final"};
        assertRefused(start(with(NETTY), "redis", NOBODY), wanted);
        assertRefused(startOnModulePath(with(NETTY), "redis", NOBODY), wanted);
        // The versions of Spring Boot 3.5.
        assertRefused(start(with("netty-", "lettuce-"), "redis", NOBODY), wanted);
    }

    @ParameterizedTest
    @ValueSource(strings = {"netty-transport-4", "netty-handler", "netty-resolver-dns", "netty-codec-4"})
    void aMixOfNettyVersionsIsRefused(String name) throws Exception {
        assertRefused(start(with(name), "redis", NOBODY), "4.2.20.Final of", "4.1.137.Final of netty-");
    }

    @Test
    void earlierLettuceIsRefused() throws Exception {
        assertRefused(
                start(with("lettuce-"), "redis", NOBODY), "needs Lettuce 7, but found 6.6.0.RELEASE of lettuce-core");
    }

    @ParameterizedTest
    @ValueSource(strings = {"jetty", "java-websocket", "mounted", "redis"})
    void slf4j17Works(String way) throws Exception {
        assertStarted(start(with("slf4j-"), way, NOBODY));
    }

    @ParameterizedTest
    @ValueSource(strings = {"jetty", "java-websocket", "mounted", "redis"})
    void theVersionsOfThisBuildWorkOnBothPaths(String way) throws Exception {
        assertStarted(start(JavaProcess.classPath(), way, NOBODY));
        assertStarted(startOnModulePath(JavaProcess.classPath(), way, NOBODY));
    }

    /** Copies jars without the files that name their version, as programs that merge jars do. */
    private List<Path> withoutVersions(List<Path> jars) throws IOException {
        List<Path> copies = new ArrayList<>();
        for (Path jar : jars) {
            Path copy = Files.copy(jar, directory.resolve(artifact(jar) + ".jar"));
            try (FileSystem files = FileSystems.newFileSystem(URI.create("jar:" + copy.toUri()), Map.of())) {
                Files.writeString(
                        files.getPath("META-INF", "MANIFEST.MF"),
                        "Manifest-Version: 1.0\nMulti-Release: true\nImplementation-Title: app\n"
                                + "Implementation-Version: 3.0\n\n");
                try (Stream<Path> maven = Files.walk(files.getPath("META-INF"))) {
                    for (Path file : maven.filter(each -> each.endsWith("pom.properties"))
                            .toList()) {
                        Files.delete(file);
                    }
                }
            }
            copies.add(copy);
        }
        return copies;
    }

    private static List<Path> present(String... names) {
        return JavaProcess.classPath().stream()
                .filter(file -> JavaProcess.startsWith(file, names))
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "jetty-,jetty,Jetty 12.1",
        "jetty-,mounted,Jetty 12.1",
        "Java-WebSocket,java-websocket,Java-WebSocket 1.6",
        "netty-,redis,Netty 4.2",
        "lettuce-,redis,Lettuce 7"
    })
    void anUnknownVersionIsJudgedByItsMethods(String names, String way, String wanted) throws Exception {
        List<Path> old = withoutVersions(JavaProcess.old(names));
        assertRefused(start(replace(old), way, NOBODY), "needs " + wanted + ", but found an unknown version of");
    }

    @ParameterizedTest
    @CsvSource({"jetty-,jetty", "jetty-,mounted", "Java-WebSocket,java-websocket", "netty-,redis", "lettuce-,redis"})
    void anUnknownVersionWithAllMethodsWorks(String names, String way) throws Exception {
        List<Path> present = withoutVersions(present(names));
        assertStarted(start(replace(present), way, NOBODY));
    }
}
