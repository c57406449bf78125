package io.tankws.benchmarks.compare;

import io.tankws.benchmarks.JavaCommand;
import io.tankws.benchmarks.UsageException;
import io.tankws.benchmarks.javawebsocket.JavaWebSocketRelay;
import io.tankws.benchmarks.jetty.JettyRelay;
import io.tankws.benchmarks.netty.NettyRelay;
import io.tankws.benchmarks.report.GcLog;
import io.tankws.benchmarks.tankws.TankWsRelay;
import io.tankws.benchmarks.undertow.UndertowRelay;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A server to compare.
 *
 * @param name name in the table and in {@code --servers}
 * @param command command that starts it, with {@code {port}} for its port
 * @param environment additional environment of its process
 * @param gcLog garbage collection log of its JVM, or empty
 */
record ServerUnderTest(String name, List<String> command, Map<String, String> environment, String gcLog) {
    static final String PORT = "{port}";
    private static final String NODE = "node-ws";

    static List<ServerUnderTest> all(ComparisonOptions options) throws IOException, UsageException {
        List<ServerUnderTest> all = new ArrayList<>();
        all.add(java("tank-ws-jetty", options, flags -> JavaCommand.of(flags, TankWsRelay.class, "jetty", PORT)));
        all.add(java(
                "tank-ws-java-websocket",
                options,
                flags -> JavaCommand.of(flags, TankWsRelay.class, "java-websocket", PORT)));
        all.add(java("jetty", options, flags -> JavaCommand.of(flags, JettyRelay.class, PORT)));
        all.add(java("java-websocket", options, flags -> JavaCommand.of(flags, JavaWebSocketRelay.class, PORT)));
        all.add(java("netty", options, flags -> JavaCommand.of(flags, NettyRelay.class, PORT)));
        all.add(java("undertow", options, flags -> JavaCommand.onClassPath(flags, UndertowRelay.class, PORT)));
        Map<String, String> nodePath =
                Map.of("NODE_PATH", options.nodeModules().toAbsolutePath().toString());
        if (nodeHasWs(nodePath)) {
            Path script = script(options.out().toAbsolutePath().resolveSibling("relay.js"));
            all.add(new ServerUnderTest(NODE, List.of("node", script.toString(), PORT), nodePath, ""));
        }
        for (String command : options.commands()) {
            int equals = command.indexOf('=');
            List<String> line = List.of(command.substring(equals + 1).strip().split("\\s+"));
            all.add(new ServerUnderTest(command.substring(0, equals), line, Map.of(), ""));
        }
        return chosen(all, options.servers());
    }

    private static List<ServerUnderTest> chosen(List<ServerUnderTest> all, List<String> names) throws UsageException {
        List<String> known = all.stream().map(ServerUnderTest::name).toList();
        for (String name : names) {
            if (!known.contains(name)) {
                throw new UsageException("There is no server " + name + "; there are " + String.join(", ", known)
                        + (known.contains(NODE) ? "." : ", and " + NODE + " where node finds ws."));
            }
        }
        // The order of the option is kept, because ratios refer to the first server.
        return names.isEmpty()
                ? all
                : names.stream()
                        .map(name -> all.get(known.indexOf(name)))
                        .distinct()
                        .toList();
    }

    private static ServerUnderTest java(
            String name, ComparisonOptions options, Function<List<String>, List<String>> command) {
        Path gcLog = options.out().toAbsolutePath().resolveSibling(name + "-gc.log");
        List<String> flags = new ArrayList<>(options.flags());
        flags.add(GcLog.flag(gcLog));
        return new ServerUnderTest(name, command.apply(flags), Map.of(), gcLog.toString());
    }

    private static boolean nodeHasWs(Map<String, String> environment) {
        ProcessBuilder builder = new ProcessBuilder("node", "-e", "require('ws').WebSocketServer.length");
        builder.environment().putAll(environment);
        builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD);
        try {
            Process process = builder.start();
            try {
                return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Copies the script to a file, because Node reads scripts only from files. */
    private static Path script(Path to) throws IOException {
        Files.createDirectories(to.getParent());
        try (InputStream in = ServerUnderTest.class.getResourceAsStream("relay.js")) {
            Files.copy(in, to, StandardCopyOption.REPLACE_EXISTING);
        }
        return to;
    }
}
