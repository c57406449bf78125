package io.tankws.examples;

import io.tankws.ClusterConfig;
import io.tankws.HandshakeRequest;
import io.tankws.HostRule;
import io.tankws.Manager;
import io.tankws.OriginRule;
import io.tankws.Statistics;
import io.tankws.TrustedProxies;
import io.tankws.spi.support.PercentEncoding;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** The routes of the HTTP port: the pages, publishing, broadcasting, counts and events. */
final class HttpRoutes {
    private static final String PUBLISH = "/publish/";
    private static final Answer WRONG_HOST =
            Answer.text(421, "this server does not answer to this Host; the option --hosts NAME adds a name");

    /** The access rules of the command line. */
    record Access(
            TokenAuthenticator token, OriginRule origins, HostRule hosts, TrustedProxies proxies, List<String> peers) {}

    private final Manager manager;
    private final Access access;
    private final OriginRule origins;
    private final int maxBody;
    private final EventLog events;
    private final PageHandler page;
    private final PageHandler nodes;
    private final Optional<ClusterSummary> cluster;

    HttpRoutes(Manager manager, Optional<ClusterConfig> cluster, Access access, int maxBody, PageHandler.Place place) {
        this.manager = manager;
        this.access = access;
        origins = OriginRule.sameOrigin().or(access.origins());
        this.maxBody = maxBody;
        events = new EventLog(manager);
        page = new PageHandler("page.html", place, List.of());
        nodes = new PageHandler("nodes.html", place, access.peers());
        this.cluster =
                cluster.map(each -> new ClusterSummary(manager, each.name(), place.webSocketPort(), place.path()));
    }

    /**
     * Returns the request as the client sent it to a trusted proxy. A request to another host stays unchanged and is
     * refused: a rebound page can write the headers of a proxy, but not its Host.
     */
    HandshakeRequest resolve(HandshakeRequest arrived) {
        return access.hosts().allows(arrived) ? access.proxies().resolve(arrived) : arrived;
    }

    /** Returns the maximum size of the request's body in bytes, or -1 if the request is answered without its body. */
    int bodyLimit(HandshakeRequest request) {
        return refusal(request).isEmpty() && isPost(request.path()) ? maxBody : -1;
    }

    static Answer tooLarge(int maxBody) {
        return Answer.text(413, "a message has at most " + maxBody + " bytes");
    }

    @SuppressWarnings("ReferenceEquality") // a route may return an equal answer
    Map<String, String> headers(HandshakeRequest request, Answer answer) {
        Map<String, String> headers = new HashMap<>(Map.of(
                "Cache-Control", "no-store",
                "X-Content-Type-Options", "nosniff",
                "Referrer-Policy", "no-referrer",
                "Cross-Origin-Resource-Policy", "same-origin",
                "Vary", "Origin"));
        if (answer != WRONG_HOST && origins.allows(request)) {
            request.origin().ifPresent(origin -> headers.put("Access-Control-Allow-Origin", origin));
        }
        headers.putAll(answer.headers());
        return headers;
    }

    CompletionStage<Answer> answer(HandshakeRequest request, byte[] body) {
        Optional<Answer> refusal = refusal(request);
        if (refusal.isPresent()) {
            return done(refusal.get());
        }
        String path = request.path();
        if (isPost(path)) {
            return post(path, body);
        }
        if (isPage(path)) {
            PageHandler.Rendered rendered = (path.equals("/") ? page : nodes)
                    .render(request.header("Host").orElse(""), request.isSecure());
            return done(new Answer(200, "text/html;charset=utf-8", rendered.html(), rendered.headers()));
        }
        return done(Answer.json(counts(request)));
    }

    private static boolean isPost(String path) {
        return path.startsWith(PUBLISH) || path.equals("/broadcast");
    }

    private static boolean isPage(String path) {
        return path.equals("/") || path.equals("/nodes");
    }

    /**
     * Returns the response to a request that is not allowed, or to a preflight request; empty for every other request.
     */
    private Optional<Answer> refusal(HandshakeRequest request) {
        // The host is checked first and for every method, because a rebound page has the same origin.
        if (!access.hosts().allows(request)) {
            return Optional.of(WRONG_HOST);
        }
        String path = request.path();
        boolean post = isPost(path);
        if (!post && !isPage(path) && !path.equals("/stats") && !path.equals("/events")) {
            return Optional.of(Answer.text(404, "not found"));
        }
        String method = post ? "POST" : "GET";
        if (request.method().equals("OPTIONS") && !isPage(path) && origins.allows(request)) {
            // Browsers ask before a page of another node sends its token (Fetch standard, CORS preflight).
            return Optional.of(Answer.empty(
                    Map.of("Access-Control-Allow-Methods", method, "Access-Control-Allow-Headers", "Authorization")));
        }
        if (!request.method().equals(method)) {
            return Optional.of(Answer.methodNotAllowed(method));
        }
        if (!isPage(path) && !access.token().admits(request)) {
            return Optional.of(Answer.text(401, "a token is required", Map.of("WWW-Authenticate", "Bearer")));
        }
        if (post && !origins.allows(request)) {
            // Browsers send simple posts of other sites without a preflight, so only the Origin identifies them.
            return Optional.of(Answer.text(403, "this origin may not post"));
        }
        return Optional.empty();
    }

    private String counts(HandshakeRequest request) {
        Optional<ClusterSummary.Figures> figures = cluster.map(ClusterSummary::figures);
        // One request at a time, because all topics are in memory while they are counted.
        synchronized (this) {
            Statistics statistics = manager.statistics();
            Map<String, Integer> topics = manager.topicSubscriberCounts();
            if (request.path().equals("/stats")) {
                return Json.stats(statistics, topics, figures);
            }
            long after = request.queryParameter("after")
                    .filter(text -> text.matches("\\d{1,18}"))
                    .map(Long::parseLong)
                    .orElse(0L);
            return Json.events(statistics, topics, figures, events.after(after));
        }
    }

    private CompletionStage<Answer> post(String path, byte[] body) {
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
        String topic = PercentEncoding.decode(path.substring(PUBLISH.length()))
                .orElseThrow(() -> new IllegalArgumentException("the topic must be percent-encoded UTF-8"));
        return manager.broadcastTopicMessage(topic, data);
    }

    private static String reason(Throwable failure) {
        return failure instanceof CompletionException ? failure.getCause().getMessage() : failure.getMessage();
    }

    private static CompletionStage<Answer> done(Answer answer) {
        return CompletableFuture.completedFuture(answer);
    }
}
