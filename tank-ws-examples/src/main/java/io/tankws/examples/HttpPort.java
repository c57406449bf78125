package io.tankws.examples;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tankws.HandshakeRequest;
import io.tankws.ListenException;
import io.tankws.Manager;
import io.tankws.OriginRule;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** The page, and publishing, broadcasting and counting over HTTP, on the JDK's own server. */
final class HttpPort implements AutoCloseable {
    private static final int THREADS = 8;
    private static final int BACKLOG = 128;
    private static final String REQUEST_SECONDS = "sun.net.httpserver.maxReqTime";
    private static final String PUBLISH = "/publish/";

    private final Manager manager;
    private final Token token;
    private final OriginRule origins;
    private final int maxBody;
    private final EventLog events;
    private final HttpServer server;
    private final ExecutorService threads;
    private Page page;

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
    HttpPort(Manager manager, String host, int port, Token token, OriginRule origins, int maxBody) {
        this.manager = manager;
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
        page = new Page(webSocketPort, path);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Answer answer = answer(exchange);
            Headers headers = exchange.getResponseHeaders();
            headers.set("Content-Type", answer.type());
            headers.set("Cache-Control", "no-store");
            headers.set("X-Content-Type-Options", "nosniff");
            answer.headers().forEach(headers::set);
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private Answer answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        String method = exchange.getRequestMethod();
        HandshakeRequest request = request(exchange);
        boolean post = path.startsWith(PUBLISH) || path.equals("/broadcast");
        if (!post && !path.equals("/") && !path.equals("/stats") && !path.equals("/events")) {
            return Answer.text(404, "not found");
        }
        if (!method.equals(post ? "POST" : "GET")) {
            return Answer.onlyBy(post ? "POST" : "GET");
        }
        if (path.equals("/")) {
            Page.Rendered rendered = page.render();
            return new Answer(200, "text/html;charset=utf-8", rendered.html(), rendered.headers());
        }
        if (!token.admits(request)) {
            return new Answer(
                    401, "text/plain;charset=utf-8", "a token is required\n", Map.of("WWW-Authenticate", "Bearer"));
        }
        if (post) {
            // A page of another site may post without asking; only its Origin gives it away.
            return origins.allows(request) ? post(exchange, path) : Answer.text(403, "this origin may not post");
        }
        if (path.equals("/stats")) {
            return Answer.json(Json.stats(manager.statistics()));
        }
        long after = request.queryParameter("after")
                .filter(text -> text.matches("\\d{1,18}"))
                .map(Long::parseLong)
                .orElse(0L);
        return Answer.json(Json.events(manager.statistics(), events.after(after)));
    }

    private Answer post(HttpExchange exchange, String path) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(maxBody + 1);
        if (body.length > maxBody) {
            return Answer.text(413, "a message has at most " + maxBody + " bytes");
        }
        try {
            String data = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
            if (path.equals("/broadcast")) {
                manager.broadcastMessage(data);
            } else {
                // A plus is a plus in a path, other than in a query.
                String topic = path.substring(PUBLISH.length()).replace("+", "%2B");
                manager.broadcastTopicMessage(URLDecoder.decode(topic, StandardCharsets.UTF_8), data);
            }
            return Answer.text(202, "sent");
        } catch (CharacterCodingException e) {
            return Answer.text(400, "the body is not UTF-8");
        } catch (IllegalArgumentException e) {
            return Answer.text(400, e.getMessage());
        }
    }

    /** The same type as for handshakes, so that the same rules apply. */
    private static HandshakeRequest request(HttpExchange exchange) {
        HandshakeRequest.Builder request =
                HandshakeRequest.builder(exchange.getRequestURI().toString(), exchange.getRemoteAddress());
        exchange.getRequestHeaders().forEach((name, values) -> values.forEach(value -> request.header(name, value)));
        return request.build();
    }
}
