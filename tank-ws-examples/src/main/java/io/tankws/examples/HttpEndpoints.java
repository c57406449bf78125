package io.tankws.examples;

import io.tankws.HandshakeRequest;
import io.tankws.ListenException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * The HTTP port, on Jetty. No thread waits for a peer: request bodies are read, and responses are written, without
 * blocking. {@link HttpLimits} bounds the connections.
 */
final class HttpEndpoints implements AutoCloseable {
    private static final int THREADS = 12;
    private static final int BACKLOG = 128;
    private static final int CLOSE_TIMEOUT_SECONDS = 1;
    private static final int MAX_HEAD_BYTES = 8 * 1024;
    private static final Duration TRANSFER_TIMEOUT = Duration.ofSeconds(10);
    private static final InetSocketAddress NO_ADDRESS = InetSocketAddress.createUnresolved("unknown", 0);

    private final Server server;
    private final ServerConnector connector;
    private final HttpLimits limits;
    private final Set<CompletableFuture<Void>> pendingResponses = ConcurrentHashMap.newKeySet();
    private volatile HttpRoutes routes;

    /** Opens the port. Requests are answered after {@link #start}. */
    HttpEndpoints(String host, int port) {
        if (new InetSocketAddress(host, port).isUnresolved()) {
            throw new ListenException(host, port, new UnknownHostException("unknown host"));
        }
        QueuedThreadPool threads = new QueuedThreadPool(THREADS, 4);
        threads.setName("http");
        threads.setDaemon(true);
        server = new Server(threads);
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(MAX_HEAD_BYTES);
        // A topic is any text, and paths are compared in the form that the client sent.
        http.setUriCompliance(UriCompliance.UNSAFE);
        connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost(host);
        connector.setPort(port);
        connector.setAcceptQueueSize(BACKLOG);
        limits = new HttpLimits(connector.getScheduler(), TRANSFER_TIMEOUT);
        connector.addBean(limits);
        http.addCustomizer(limits);
        server.addConnector(connector);
        server.setStopTimeout(0);
        server.setErrorHandler(HttpEndpoints::writeError);
        server.setHandler(new Handler.Abstract.NonBlocking() {
            @Override
            public InvocationType getInvocationType() {
                // Counting may wait for the backplane.
                return InvocationType.BLOCKING;
            }

            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                HttpEndpoints.this.handle(request, response, callback);
                return true;
            }
        });
        try {
            connector.open();
        } catch (Exception e) {
            throw new ListenException(host, port, e);
        }
    }

    void start(HttpRoutes routes) {
        this.routes = routes;
        try {
            server.start();
        } catch (Exception e) {
            throw new ListenException(connector.getHost(), connector.getLocalPort(), e);
        }
    }

    int port() {
        return connector.getLocalPort();
    }

    /** Closes the port, after the responses to the publishes that the shutdown of the manager has failed. */
    @Override
    public void close() {
        try {
            CompletableFuture.allOf(pendingResponses.toArray(new CompletableFuture<?>[0]))
                    .get(CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // The remaining responses are lost.
        }
        try {
            connector.close();
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the HTTP port did not stop", e);
        } finally {
            server.destroy();
        }
    }

    @SuppressWarnings("CollectionUndefinedEquality") // the set compares by identity
    private void handle(Request request, Response response, Callback callback) {
        CompletableFuture<Void> end = new CompletableFuture<>();
        pendingResponses.add(end);
        Callback whenWritten = Callback.from(callback, () -> {
            pendingResponses.remove(end);
            end.complete(null);
        });
        HttpRoutes current = routes;
        HandshakeRequest handshake = current.resolve(toHandshakeRequest(request));
        CompletionStage<Answer> answer;
        try {
            int maxBody = current.bodyLimit(handshake);
            if (maxBody < 0) {
                limits.startDecision(request);
                answer = current.answer(handshake, new byte[0]);
            } else if (request.getLength() > maxBody) {
                answer = CompletableFuture.completedFuture(HttpRoutes.tooLarge(maxBody));
            } else {
                CompletableFuture<byte[]> received = new CompletableFuture<>();
                Content.Source.asByteArrayAsync(request, maxBody, Promise.Invocable.toPromise(received));
                answer = received.handle((body, failure) -> answer(request, handshake, maxBody, body, failure))
                        .thenCompose(each -> each);
            }
        } catch (RuntimeException e) {
            answer = CompletableFuture.failedFuture(e);
        }
        answer.whenComplete((done, failure) -> {
            if (failure != null) {
                // Jetty sends the error unless the peer has disconnected.
                Response.writeError(request, response, whenWritten, 500);
            } else {
                write(request, response, whenWritten, handshake, done);
            }
        });
    }

    private CompletionStage<Answer> answer(
            Request request, HandshakeRequest handshake, int maxBody, byte[] body, Throwable failure) {
        if (failure instanceof IllegalStateException) {
            // A body without a Content-Length has exceeded the limit.
            return CompletableFuture.completedFuture(HttpRoutes.tooLarge(maxBody));
        }
        if (failure != null) {
            return CompletableFuture.failedFuture(failure);
        }
        limits.startDecision(request);
        return routes.answer(handshake, body);
    }

    private void write(
            Request request, Response response, Callback callback, HandshakeRequest handshake, Answer answer) {
        limits.startTransfer(request);
        response.setStatus(answer.status());
        response.getHeaders().put("Content-Type", answer.type());
        routes.headers(handshake, answer).forEach(response.getHeaders()::put);
        response.write(true, ByteBuffer.wrap(answer.body().getBytes(StandardCharsets.UTF_8)), callback);
    }

    /** Writes an error of Jetty itself as one line that repeats nothing of the request. */
    private static boolean writeError(Request request, Response response, Callback callback) {
        response.getHeaders().put("Content-Type", "text/plain;charset=utf-8");
        response.getHeaders().put("Connection", "close");
        byte[] line = ("error " + response.getStatus() + "\n").getBytes(StandardCharsets.UTF_8);
        response.write(true, ByteBuffer.wrap(line), callback);
        return true;
    }

    /** Returns the request in the type of handshakes, so that the same origin and host rules apply to it. */
    private HandshakeRequest toHandshakeRequest(Request request) {
        HandshakeRequest.Builder builder = HandshakeRequest.builder(
                        request.getHttpURI().getPathQuery(),
                        inet(request.getConnectionMetaData().getRemoteSocketAddress()))
                .method(request.getMethod());
        for (HttpField field : request.getHeaders()) {
            builder.header(field.getName(), field.getValue() == null ? "" : field.getValue());
        }
        InetSocketAddress local = inet(request.getConnectionMetaData().getLocalSocketAddress());
        return builder.build().arrivedAt(local, new InetSocketAddress(connector.getHost(), port()));
    }

    private static InetSocketAddress inet(SocketAddress address) {
        return address instanceof InetSocketAddress inet ? inet : NO_ADDRESS;
    }
}
