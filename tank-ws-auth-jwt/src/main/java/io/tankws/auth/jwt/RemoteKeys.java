package io.tankws.auth.jwt;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of a JSON Web Key Set that a server publishes. Thread-safe.
 *
 * <p>At most one request runs at a time. Only callers whose key is unknown wait for it. After a failure the last keys
 * stay in use.
 */
final class RemoteKeys {
    /** Maximum size of a set in bytes. */
    static final int MAX_BYTES = 256 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(RemoteKeys.class);
    private static final int OK = 200;

    private final URI uri;
    private final RemoteKeysTimes times;
    private final LongSupplier clock;
    private final HttpClient http;
    private final AtomicReference<State> state = new AtomicReference<>(new State(VerificationKeys.NONE, null, null));

    /**
     * The known keys and the requests for them.
     *
     * @param keys the last keys that were fetched
     * @param fetchedAt the time of the clock at which they arrived, or {@code null} before
     * @param request the last request for keys, or {@code null} before the first one
     */
    private record State(
            VerificationKeys keys,
            @Nullable Long fetchedAt,
            @Nullable Request request) {}

    /**
     * A request for keys.
     *
     * @param startedAt the time of the clock
     * @param result the fetched keys; fails with the request
     */
    private record Request(long startedAt, CompletableFuture<VerificationKeys> result) {
        boolean isRunning() {
            return !result.isDone();
        }
    }

    RemoteKeys(URI uri, RemoteKeysTimes times, LongSupplier nanoClock) {
        this.uri = uri;
        this.times = times;
        clock = nanoClock;
        // It follows no redirect, so the keys come from the configured server only.
        http = HttpClient.newBuilder().connectTimeout(times.timeout()).build();
    }

    /**
     * Returns the keys to verify a token with. May block for the timeout of a request.
     *
     * @param keyId the key id of the token
     * @throws TokenException if the key is unknown and it is uncertain whether the server has it
     */
    VerificationKeys keysFor(String keyId) throws TokenException {
        State known = state();
        boolean isKnown = known.keys().contains(keyId);
        if (isKnown && !isOlder(known.fetchedAt(), times.lifetime())) {
            return known.keys();
        }
        Request request = requestOf(known);
        if (isKnown) {
            return known.keys();
        }
        VerificationKeys fetched = request == null ? null : await(request);
        if (fetched != null) {
            return fetched;
        }
        VerificationKeys latest = state().keys();
        if (latest.contains(keyId)) {
            return latest;
        }
        throw new TokenException(TokenException.Reason.UNAVAILABLE);
    }

    private State state() {
        return Objects.requireNonNull(state.get());
    }

    private boolean isOlder(@Nullable Long since, Duration age) {
        return since == null || clock.getAsLong() - since >= age.toNanos();
    }

    /** Returns the running request or a new one, or {@code null} if the last one was too short a time ago. */
    private @Nullable Request requestOf(State known) {
        State current = known;
        while (true) {
            Request last = current.request();
            if (last != null && last.isRunning()) {
                return last;
            }
            if (last != null && !isOlder(last.startedAt(), times.refreshInterval())) {
                return null;
            }
            Request next = new Request(clock.getAsLong(), new CompletableFuture<>());
            if (state.compareAndSet(current, new State(current.keys(), current.fetchedAt(), next))) {
                start(next);
                return next;
            }
            current = state();
        }
    }

    private void start(Request request) {
        HttpRequest get = HttpRequest.newBuilder(uri)
                .timeout(times.timeout())
                .header("Accept", "application/jwk-set+json, application/json")
                .build();
        CompletableFuture<HttpResponse<byte[]>> exchange = http.sendAsync(get, response -> new BoundedBody(MAX_BYTES));
        // The timeout of the request ends with the response's head. This one includes the body.
        exchange.orTimeout(times.timeout().toNanos(), TimeUnit.NANOSECONDS).whenComplete((response, failure) -> {
            if (failure != null) {
                exchange.cancel(true);
                fail(request, failure);
            } else {
                finish(request, response);
            }
        });
    }

    private void finish(Request request, HttpResponse<byte[]> response) {
        try {
            if (response.statusCode() != OK) {
                throw new IOException("the status is " + response.statusCode());
            }
            VerificationKeys keys = JsonWebKeys.parse(response.body());
            if (keys.keys().isEmpty()) {
                throw new IOException("the set has no usable key");
            }
            state.set(new State(keys, clock.getAsLong(), request));
            request.result().complete(keys);
        } catch (IOException e) {
            fail(request, e);
        } catch (RuntimeException | Error e) {
            fail(request, e);
            throw e;
        }
    }

    /** Reports a failure by its type, because a text of the server may be anything. */
    private void fail(Request request, Throwable failure) {
        LOG.warn(
                "Keys for tokens cannot be fetched from {} ({}). The {} keys fetched before stay in use.",
                uri.getHost(),
                failure.getClass().getSimpleName(),
                state().keys().keys().size());
        request.result().completeExceptionally(failure);
    }

    private @Nullable VerificationKeys await(Request request) {
        try {
            // The request has a timeout of its own. This one is a bound in case that it hangs.
            return request.result().get(times.timeout().toNanos() * 2, TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    /** Returns the server without the path, which may contain a secret. */
    @Override
    public String toString() {
        return "RemoteKeys[" + uri.getHost() + "]";
    }
}
