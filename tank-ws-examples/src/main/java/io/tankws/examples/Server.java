package io.tankws.examples;

import io.tankws.Authentication;
import io.tankws.Authenticator;
import io.tankws.ClientLimits;
import io.tankws.ClusterConfig;
import io.tankws.HostRule;
import io.tankws.Manager;
import io.tankws.OriginRule;
import io.tankws.TrustedProxies;
import io.tankws.Upgrader;
import io.tankws.WebSocketServer;
import io.tankws.core.TankWs;
import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A publish/subscribe server with a page to try it. */
public final class Server implements Main.Running {
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);
    private static final String USAGE = """
            A publish/subscribe server on a WebSocket port, and a page to try it on an HTTP port.

              --host HOST            address to listen on; default 127.0.0.1, 0.0.0.0 for all
              --port PORT            WebSocket port, 0 for any; default 8080
              --path PATH            WebSocket path; default /ws
              --http-port PORT       port of the page, 0 for any; default 8081
              --transport NAME       jetty or java-websocket; default jetty
              --heartbeat I,T|off    ping interval and timeout, in ms, s or m; default 30s,60s
              --token TOKEN          token that clients must send as ?token=TOKEN; default none
              --origins ORIGINS      pages that may connect besides the server's own: same, any, or a list; default same
              --hosts NAMES          names that the server answers to besides this machine's, such as chat.example.org;
                                     default none on a loopback address, any on other addresses
              --trusted-proxies LIST proxies whose X-Forwarded and Forwarded headers count, as addresses or networks such as
                                     127.0.0.1,10.0.0.0/8; default none
              --max-message BYTES    largest message; default 65536

              --redis URI            Redis of the cluster that this server joins, such as redis://127.0.0.1:6379; default none
              --cluster NAME         name of the cluster; default demo
              --outage POLICY        while Redis is down, messages fail (fail), reach this node's clients only (local), or
                                     wait for Redis for up to 30 s (buffer); default fail
              --peers ADDRESSES      HTTP addresses of other nodes that the page may show and send its token to, such as
                                     127.0.0.1:8083; default none

            GET / returns the page, GET /nodes a page with this node and another one of the cluster,
            and GET /stats the counts. POST /publish/TOPIC and POST /broadcast send their body.""";

    private final Manager manager;
    private final WebSocketServer server;
    private final HttpEndpoints http;
    private final String path;

    private Server(Manager manager, WebSocketServer server, HttpEndpoints http, String path) {
        this.manager = manager;
        this.server = server;
        this.http = http;
        this.path = path;
    }

    /**
     * Runs the server until the process is stopped.
     *
     * @param arguments see {@code --help}
     */
    public static void main(String[] arguments) {
        Main.run(Server::start, USAGE, arguments);
    }

    static Server start(String... arguments) throws UsageException {
        Options options = new Options(
                Map.ofEntries(
                        Map.entry("--host", "127.0.0.1"),
                        Map.entry("--port", "8080"),
                        Map.entry("--path", "/ws"),
                        Map.entry("--http-port", "8081"),
                        Map.entry("--transport", "jetty"),
                        Map.entry("--heartbeat", "30s,60s"),
                        Map.entry("--token", ""),
                        Map.entry("--origins", "same"),
                        Map.entry("--hosts", ""),
                        Map.entry("--trusted-proxies", ""),
                        Map.entry("--peers", ""),
                        Map.entry("--max-message", "65536"),
                        Map.entry("--redis", ""),
                        Map.entry("--cluster", "demo"),
                        Map.entry("--outage", "fail")),
                arguments);
        String host = options.host("--host");
        String path = options.path("--path");
        int port = options.port("--port");
        int httpPort = options.port("--http-port");
        String transport = options.oneOf("--transport", "jetty", "java-websocket");
        OriginRule origins = options.origins("--origins");
        HostRule hosts = options.hosts("--hosts");
        TrustedProxies proxies = options.proxies("--trusted-proxies");
        List<String> peers = options.peers("--peers");
        TokenAuthenticator token = new TokenAuthenticator(options.text("--token"));
        var heartbeat = options.heartbeat("--heartbeat");
        int maxMessage = options.number("--max-message", 1, 1 << 30);
        Optional<ClusterConfig> cluster = options.cluster();

        ClientLimits limits = ClientLimits.builder()
                .maxMessageBytes(maxMessage)
                .outboxBytes((int) Math.min(Integer.MAX_VALUE, Math.max(1 << 20, 4L * maxMessage)))
                .build();
        Manager manager = manager(limits, token, cluster).start();
        try {
            heartbeat.ifPresent(times -> manager.enableHeartbeat(times.interval(), times.timeout()));
            // The HTTP port opens first, because the origin of the page depends on it.
            HttpEndpoints http = new HttpEndpoints(host, httpPort);
            try {
                OriginRule page = OriginRule.of(pageOrigins(host, http.port()));
                manager.setCustomUpgrader(Upgrader.defaults()
                        .withOriginRule(origins.or(page))
                        .withHostRule(hosts)
                        .withReadBufferSize(16 * 1024));
                WebSocketServer server = TankWs.serve(transport)
                        .host(host)
                        .port(port)
                        .trustedProxies(proxies)
                        .handle(path, manager)
                        .start();
                manager.setServer(server);
                HttpRoutes.Access access = new HttpRoutes.Access(token, origins, hosts, proxies, peers);
                PageHandler.Place place = new PageHandler.Place(http.port(), server.port(), path);
                http.start(new HttpRoutes(manager, cluster, access, maxMessage, place));
                return new Server(manager, server, http, path);
            } catch (RuntimeException e) {
                http.close();
                throw e;
            }
        } catch (RuntimeException e) {
            manager.close();
            throw e;
        }
    }

    private static Manager manager(ClientLimits limits, TokenAuthenticator token, Optional<ClusterConfig> cluster)
            throws UsageException {
        Manager.Builder builder = TankWs.builder().clientLimits(limits).authenticator(authenticator(token));
        cluster.ifPresent(builder::cluster);
        try {
            return builder.build();
        } catch (IllegalArgumentException e) {
            // The message describes the URI without repeating it, because it may hold a password.
            throw new UsageException("The option --redis is not valid: " + e.getMessage() + ".");
        }
    }

    private static Authenticator authenticator(TokenAuthenticator token) {
        return Authenticator.of(request ->
                token.admits(request) ? Authentication.accepted() : Authentication.refused(TokenAuthenticator.REFUSAL));
    }

    /**
     * Returns the origins of the page in browsers on this machine and, if the host is a real address, on other
     * machines.
     */
    private static Set<String> pageOrigins(String host, int port) {
        Set<String> origins = new LinkedHashSet<>();
        for (String name : List.of(host, "localhost", "127.0.0.1", "::1")) {
            origins.add("http://" + (name.contains(":") ? "[" + name + "]" : name) + ":" + port);
        }
        return origins;
    }

    @Override
    public List<String> startupLines() {
        InetAddress address = server.address().getAddress();
        return List.of(
                "listening on " + Url.of("ws", address, server.port(), path),
                "page on " + Url.of("http", address, http.port(), "/"));
    }

    int port() {
        return server.port();
    }

    int httpPort() {
        return http.port();
    }

    Manager manager() {
        return manager;
    }

    @Override
    public void close() {
        manager.shutdown(STOP_TIMEOUT);
        http.close();
    }
}
