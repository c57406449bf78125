package io.tankws.it.selection.several;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The jar of a transport is on the class path, but the server that it needs is missing. */
class MissingLibrariesTest {
    @ParameterizedTest
    @CsvSource({
        "java-websocket, io.tankws.transport.javawebsocket, org.java-websocket:Java-WebSocket",
        "jetty, io.tankws.transport.jetty, org.eclipse.jetty.websocket:jetty-websocket-core-server"
    })
    void theErrorNamesTheMissingArtifact(String name, String module, String artifact) throws Exception {
        try (URLClassLoader application = application(module)) {
            Throwable thrown = assertThrows(InvocationTargetException.class, () -> start(application, name))
                    .getCause();

            assertEquals(
                    "io.tankws.TransportSelectionException", thrown.getClass().getName());
            assertTrue(thrown.getMessage().contains(artifact), thrown::getMessage);
            assertTrue(causesOf(thrown).anyMatch(NoClassDefFoundError.class::isInstance), () -> "" + thrown.getCause());
        }
    }

    @Test
    void theApplicationDoesNotSeeTheClassesOfThisTest() throws Exception {
        try (URLClassLoader application = application("io.tankws.transport.jetty")) {
            Class<?> core = application.loadClass("io.tankws.core.TankWs");

            assertFalse(core.getModule().isNamed());
            assertThrows(ClassNotFoundException.class, () -> application.loadClass("org.eclipse.jetty.server.Server"));
        }
    }

    private static Stream<Throwable> causesOf(Throwable thrown) {
        return Stream.iterate(thrown, Objects::nonNull, Throwable::getCause);
    }

    private static URLClassLoader application(String transport) {
        List<URL> classPath = new ArrayList<>();
        for (String module :
                List.of("io.tankws", "io.tankws.core", "com.fasterxml.jackson.core", "org.slf4j", transport)) {
            classPath.add(PathEntries.url(module));
        }
        return new URLClassLoader(classPath.toArray(URL[]::new), null);
    }

    private static void start(ClassLoader application, String transport) throws Exception {
        Class<?> builderType = application.loadClass("io.tankws.WebSocketServer$Builder");
        Object builder = application
                .loadClass("io.tankws.core.TankWs")
                .getMethod("serve", String.class)
                .invoke(null, transport);
        builderType.getMethod("port", int.class).invoke(builder, 0);
        builderType.getMethod("start").invoke(builder);
    }
}
