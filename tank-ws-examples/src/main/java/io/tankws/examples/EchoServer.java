package io.tankws.examples;

import io.tankws.ClientLimits;
import io.tankws.HostRule;
import io.tankws.Manager;
import io.tankws.OriginRule;
import io.tankws.Upgrader;
import io.tankws.WebSocketServer;
import io.tankws.core.TankWs;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A server that sends each message back to its sender, for conformance suites. */
public final class EchoServer implements Main.Running {
    private static final String USAGE = """
            Sends each message back to its sender.

              --host HOST            address to listen on; default 127.0.0.1
              --port PORT            port, 0 for any; default 9001
              --path PATH            path; default /
              --transport NAME       jetty or java-websocket; default jetty
              --max-message BYTES    largest message in bytes; default 65536
              --compression on|off   whether jetty compresses for clients that offer it; default off""";

    private final Manager manager;
    private final WebSocketServer server;
    private final String path;

    private EchoServer(Manager manager, WebSocketServer server, String path) {
        this.manager = manager;
        this.server = server;
        this.path = path;
    }

    /**
     * Runs the server until the process is stopped.
     *
     * @param arguments see {@code --help}
     */
    public static void main(String[] arguments) {
        Main.run(EchoServer::start, USAGE, arguments);
    }

    static EchoServer start(String... arguments) throws UsageException {
        Options options = new Options(
                Map.of(
                        "--host", "127.0.0.1",
                        "--port", "9001",
                        "--path", "/",
                        "--transport", "jetty",
                        "--max-message", "65536",
                        "--compression", "off"),
                arguments);
        int port = options.port("--port");
        String path = options.path("--path");
        String transport = options.oneOf("--transport", "jetty", "java-websocket");
        boolean compression = options.oneOf("--compression", "off", "on").equals("on");
        if (compression && !transport.equals("jetty")) {
            throw new UsageException("--compression on needs --transport jetty");
        }
        // A suite sends many messages, or large ones in tiny fragments, before it reads the first echo.
        int maxMessage = options.number("--max-message", 1, 1 << 28);
        ClientLimits limits = ClientLimits.builder()
                .maxMessageBytes(maxMessage)
                .maxFragments(1 << 20)
                .outboxBytes(Math.max(8 << 20, 4 * maxMessage))
                .outboxMessages(1 << 16)
                .writeTimeout(Duration.ofMinutes(1))
                .build();
        Manager manager = TankWs.builder()
                .clientLimits(limits)
                .greeting("")
                .farewell("")
                .upgrader(Upgrader.defaults()
                        .withOriginRule(OriginRule.anyOrigin())
                        // Every page may connect, and suites use any name for the server.
                        .withHostRule(HostRule.anyHost())
                        .withCompression(compression)
                        .withReadBufferSize(64 * 1024)
                        .withWriteBufferSize(64 * 1024))
                .messageHandler((client, message) -> client.send(message))
                .build()
                .start();
        try {
            WebSocketServer server = TankWs.serve(transport)
                    .host(options.host("--host"))
                    .port(port)
                    .handle(path, manager)
                    .start();
            manager.setServer(server);
            return new EchoServer(manager, server, path);
        } catch (RuntimeException e) {
            manager.close();
            throw e;
        }
    }

    @Override
    public List<String> startupLines() {
        return List.of("listening on " + Url.of("ws", server.address().getAddress(), server.port(), path));
    }

    int port() {
        return server.port();
    }

    @Override
    public void close() {
        manager.close();
    }
}
