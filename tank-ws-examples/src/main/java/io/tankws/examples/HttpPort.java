package io.tankws.examples;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tankws.Cluster;
import io.tankws.HandshakeRequest;
import io.tankws.ListenException;
import io.tankws.Manager;
import io.tankws.OriginRule;
import io.tankws.Statistics;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The page, and publishing, broadcasting and counting over HTTP, on the JDK's own server. */
final class HttpPort implements AutoCloseable {
    private static final int THREADS = 8;
    private static final int BACKLOG = 128;
    private static final int LAST_ANSWERS_SECONDS = 1;
    private static final String REQUEST_SECONDS = "sun.net.httpserver.maxReqTime";
    private static final String PUBLISH = "/publish/";

    private final Manager manager;
    private final Token token;
    private final OriginRule origins;
    private final int maxBody;
    private final EventLog events;
    private final HttpServer server;
    private final ExecutorService threads;
    private final Set<CompletableFuture<Void>> underway = ConcurrentHashMap.newKeySet();
    private final Optional<Cluster> cluster;
    private Page page;
    private Page nodes;
    private Optional<ClusterView> view = Optional.empty();

    /** What is answered. */
    private record Answer(int status, String type, String body, Map<String, String> headers) {
        static Answer text(int status, String line) {
            return new Answer(status, "text/plain;charset=utf-8", line + "\n", Map.of());
        }

        static Answer json(String body) {
            return new Answer(200, "application/json", body, Map.of());
        }

        static Answer onlyBy(String method) {
            return new Answer(405, "text/plain;charset=utf-8", "only " + method + "\n", Map.of("Allow", method));
        }
    }

    /** Takes the port; answers once it is started. */
    HttpPort(
            Manager manager,
            Optional<Cluster> cluster,
            String host,
            int port,
            Token token,
            OriginRule origins,
            int maxBody) {
        this.manager = manager;
        this.cluster = cluster;
        this.token = token;
        this.origins = OriginRule.sameOrigin().or(origins);
        this.maxBody = maxBody;
        events = new EventLog(manager);
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new ListenException(host, port, new UnknownHostException("unknown host"));
        }
        // The JDK's server waits for ever for a body otherwise, and a few such peers would take all threads.
        if (System.getProperty(REQUEST_SECONDS) == null) {
            System.setProperty(REQUEST_SECONDS, "10");
        }
        try {
            server = HttpServer.create(address, BACKLOG);
        } catch (IOException | IllegalArgumentException e) {
            throw new ListenException(host, port, e);
        }
        AtomicInteger count = new AtomicInteger();
        threads = Executors.newFixedThreadPool(THREADS, task -> {
            Thread thread = new Thread(task, "http-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        server.setExecutor(threads);
        server.createContext("/", this::handle);
    }

    void start(int webSocketPort, String path) {
        page = new Page("page.html", webSocketPort, path);
        nodes = new Page("nodes.html", webSocketPort, path);
        view = cluster.map(each -> new ClusterView(manager, each.name(), webSocketPort, path));
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** Who is about to be answered, because the manager has ended, is answered first. */
    @Override
    public void close() {
        CompletableFuture.allOf(underway.toArray(new CompletableFuture<?>[0]))
                .completeOnTimeout(null, LAST_ANSWERS_SECONDS, TimeUnit.SECONDS)
                .join();
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        CompletableFuture<Void> end = new CompletableFuture<>();
        underway.add(end);
        end.whenComplete((nothing, failure) -> underway.remove(end));
        try {
            HandshakeRequest request = request(exchange);
            CompletionStage<Answer> answer = answer(exchange, request);
            if (answer.toCompletableFuture().isDone()) {
                write(exchange, request, answer.toCompletableFuture().join());
                end.complete(null);
            } else {
                // A message may wait for the backplane's return, and must not keep a thread meanwhile.
                answer.thenAcceptAsync(later -> write(exchange, request, later), threads)
                        .whenComplete((nothing, failure) -> end.complete(null));
            }
        } catch (IOException | RuntimeException e) {
            end.complete(null);
            exchange.close();
            throw e;
        }
    }

    private void write(HttpExchange exchange, HandshakeRequest request, Answer answer) {
        try (exchange) {
            Headers headers = exchange.getResponseHeaders();
            headers.set("Content-Type", answer.type());
            headers.set("Cache-Control", "no-store");
            headers.set("X-Content-Type-Options", "nosniff");
            headers.set("Vary", "Origin");
            request.header("Origin")
                    .filter(origin -> origins.allows(request))
                    .ifPresent(origin -> headers.set("Access-Control-Allow-Origin", origin));
            answer.headers().forEach(headers::set);
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        } catch (IOException e) {
            // The peer is gone, and nobody else waits for the answer.
        }
    }

    private CompletionStage<Answer> answer(HttpExchange exchange, HandshakeRequest request) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        String method = exchange.getRequestMethod();
        boolean post = path.startsWith(PUBLISH) || path.equals("/broadcast");
        boolean isPage = path.equals("/") || path.equals("/nodes");
        if (!post && !isPage && !path.equals("/stats") && !path.equals("/events")) {
            return done(Answer.text(404, "not found"));
        }
        if (method.equals("OPTIONS") && !isPage && origins.allows(request)) {
            // Browsers ask before a page of another node sends its token (Fetch standard, CORS preflight).
            return done(new Answer(
                    204,
                    "text/plain;charset=utf-8",
                    "",
                    Map.of(
                            "Access-Control-Allow-Methods",
                            post ? "POST" : "GET",
                            "Access-Control-Allow-Headers",
                            "Authorization")));
        }
        if (!method.equals(post ? "POST" : "GET")) {
            return done(Answer.onlyBy(post ? "POST" : "GET"));
        }
        if (isPage) {
            return done(page(path, request));
        }
        if (!token.admits(request)) {
            return done(new Answer(
                    401, "text/plain;charset=utf-8", "a token is required\n", Map.of("WWW-Authenticate", "Bearer")));
        }
        if (post) {
            // A page of another site may post without asking; only its Origin gives it away.
            return origins.allows(request) ? post(exchange, path) : done(Answer.text(403, "this origin may not post"));
        }
        Statistics statistics = manager.statistics();
        Optional<ClusterView.Figures> figures =
                view.map(each -> each.figures(statistics.topics().keySet()));
        if (path.equals("/stats")) {
            return done(Answer.json(Json.stats(statistics, figures)));
        }
        long after = request.queryParameter("after")
                .filter(text -> text.matches("\\d{1,18}"))
                .map(Long::parseLong)
                .orElse(0L);
        return done(Answer.json(Json.events(statistics, figures, events.after(after))));
    }

    private Answer page(String path, HandshakeRequest request) {
        String peer = path.equals("/") ? "" : request.queryParameter("peer").orElse("");
        if (!peer.isEmpty() && !Page.isPeer(peer)) {
            return Answer.text(400, "the peer is a node's HTTP address, such as 127.0.0.1:8083");
        }
        Page.Rendered rendered = (path.equals("/") ? page : nodes).render(peer);
        return new Answer(200, "text/html;charset=utf-8", rendered.html(), rendered.headers());
    }

    private CompletionStage<Answer> post(HttpExchange exchange, String path) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(maxBody + 1);
        if (body.length > maxBody) {
            return done(Answer.text(413, "a message has at most " + maxBody + " bytes"));
        }
        try {
            String data = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
            return publish(path, data)
                    .handle((nothing, failure) ->
                            failure == null ? Answer.text(202, "sent") : Answer.text(503, reason(failure)));
        } catch (CharacterCodingException e) {
            return done(Answer.text(400, "the body is not UTF-8"));
        } catch (IllegalArgumentException e) {
            return done(Answer.text(400, e.getMessage()));
        }
    }

    private CompletionStage<Void> publish(String path, String data) {
        if (path.equals("/broadcast")) {
            return manager.broadcastMessage(data);
        }
        // A plus is a plus in a path, other than in a query.
        String topic = path.substring(PUBLISH.length()).replace("+", "%2B");
        return manager.broadcastTopicMessage(URLDecoder.decode(topic, StandardCharsets.UTF_8), data);
    }

    private static String reason(Throwable failure) {
        return failure instanceof CompletionException ? failure.getCause().getMessage() : failure.getMessage();
    }

    private static CompletionStage<Answer> done(Answer answer) {
        return CompletableFuture.completedFuture(answer);
    }

    /** The same type as for handshakes, so that the same rules apply. */
    private static HandshakeRequest request(HttpExchange exchange) {
        HandshakeRequest.Builder request =
                HandshakeRequest.builder(exchange.getRequestURI().toString(), exchange.getRemoteAddress());
        exchange.getRequestHeaders().forEach((name, values) -> values.forEach(value -> request.header(name, value)));
        return request.build();
    }
}
