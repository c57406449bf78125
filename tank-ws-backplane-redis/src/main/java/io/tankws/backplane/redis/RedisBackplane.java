package io.tankws.backplane.redis;

import io.tankws.BackplaneException;
import io.tankws.BackplaneException.Reason;
import io.tankws.spi.Backplane;
import io.tankws.spi.BackplaneConfig;
import io.tankws.spi.BackplaneListener;
import io.tankws.spi.SharedHistoryStore;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A backplane over Redis. It passes the requests of all threads to one event loop, in order, and bounds the number of
 * requests without an answer.
 */
final class RedisBackplane implements Backplane {
    private static final Logger LOG = LoggerFactory.getLogger("io.tankws");

    /** Maximum number of requests without an answer. The bound of core is lower. */
    private static final int MAX_PENDING = 64 * 1024;

    /** Time in milliseconds for closing the connections, in addition to the time for removing the counts. */
    private static final long CLOSING_MILLIS = 1_000;

    private final BackplaneConfig config;
    private final RedisEndpoints endpoints;
    private final Consumer<String> warnings;
    private final RedisKeys keys;
    private final NodeCounts nodeCounts;
    private final RedisHistory history;
    private final AtomicInteger pendingCount = new AtomicInteger();

    @SuppressWarnings("NullAway.Init") // set by start
    private RedisEventLoop eventLoop;

    @SuppressWarnings("NullAway.Init") // set by start
    private ConnectionSupervisor supervisor;

    @SuppressWarnings("NullAway.Init") // set by start
    private volatile LoopTaskQueue tasks;

    private volatile boolean closed;

    RedisBackplane(BackplaneConfig config, RedisEndpoints address) {
        this(config, address, LOG::warn);
    }

    RedisBackplane(BackplaneConfig config, RedisEndpoints address, Consumer<String> warnings) {
        this.config = config;
        this.warnings = warnings;
        this.endpoints = address;
        keys = new RedisKeys(config);
        nodeCounts = new NodeCounts(keys);
        history = new RedisHistory(this, keys, config);
    }

    @Override
    public void start(BackplaneListener listener) {
        Objects.requireNonNull(listener, "listener");
        CallerThread.run(() -> begin(listener));
    }

    @SuppressWarnings("NullAway") // a failed start takes the queue back
    private synchronized void begin(BackplaneListener listener) {
        if (eventLoop != null || closed) {
            throw new IllegalStateException("a backplane starts once");
        }
        RedisEventLoop starting = new RedisEventLoop(config.threadNamePrefix() + "-backplane");
        try {
            supervisor = new ConnectionSupervisor(
                    starting, endpoints, keys, config.topicChannelPrefix(), listener, warnings);
            tasks = new LoopTaskQueue(starting.loop());
            // Starts the thread. If the system has no more threads, start must fail, not the first request.
            starting.loop().execute(supervisor::start);
        } catch (RuntimeException | Error e) {
            tasks = null;
            starting.end();
            throw e;
        }
        eventLoop = starting;
    }

    @Override
    public CompletionStage<Void> publish(String channel, byte[] message) {
        Objects.requireNonNull(channel, "channel");
        Objects.requireNonNull(message, "message");
        return request(session -> session.publish(channel, message).thenApply(receivers -> null));
    }

    @Override
    public void subscribe(String channel, Runnable onSubscribed) {
        Objects.requireNonNull(channel, "channel");
        Objects.requireNonNull(onSubscribed, "heard");
        enqueue(() -> supervisor.subscribe(channel, onSubscribed));
    }

    @Override
    public void unsubscribe(String channel) {
        Objects.requireNonNull(channel, "channel");
        enqueue(() -> supervisor.unsubscribe(channel));
    }

    private void enqueue(Runnable change) {
        LoopTaskQueue started = tasks;
        if (started == null) {
            throw new IllegalStateException("the backplane has not been started");
        }
        // After the close, this runs on the thread of the caller, which must not use the supervisor.
        started.add(() -> {
            if (!closed) {
                change.run();
            }
        });
    }

    @Override
    public CompletionStage<Void> publishCounts(Map<String, Long> figures, Duration time) {
        Map<String, Long> copy = Map.copyOf(figures);
        Objects.requireNonNull(time, "time");
        return request(session -> nodeCounts.lease(session, copy, time));
    }

    @Override
    public CompletionStage<Long> sumAcrossOtherNodes(String figure) {
        Objects.requireNonNull(figure, "figure");
        return request(session -> nodeCounts.sumOfOthers(session, figure));
    }

    @Override
    public CompletionStage<Set<String>> otherNodes() {
        return request(nodeCounts::otherNodes);
    }

    @Override
    public Optional<SharedHistoryStore> history() {
        return Optional.of(history);
    }

    /** Passes a request of the history to the event loop. */
    <T> CompletionStage<T> ask(Function<RedisSession, CompletionStage<T>> command) {
        return closed
                ? CompletableFuture.failedStage(
                        new BackplaneException(Reason.NOT_RUNNING, "the backplane is closed", null))
                : request(command);
    }

    private <T> CompletionStage<T> request(Function<RedisSession, CompletionStage<T>> command) {
        LoopTaskQueue started = tasks;
        if (started == null || closed) {
            return CompletableFuture.failedStage(RedisErrors.unreachable("the backplane is not running"));
        }
        if (pendingCount.incrementAndGet() > MAX_PENDING) {
            pendingCount.decrementAndGet();
            return CompletableFuture.failedStage(
                    RedisErrors.unreachable("more than " + MAX_PENDING + " commands wait for an answer"));
        }
        CompletableFuture<T> answer = new CompletableFuture<>();
        started.add(() -> send(command, answer));
        return answer;
    }

    private <T> void send(Function<RedisSession, CompletionStage<T>> command, CompletableFuture<T> answer) {
        RedisSession session = closed ? null : supervisor.session();
        if (session == null) {
            pendingCount.decrementAndGet();
            answer.completeExceptionally(RedisErrors.unreachable("the connection to Redis is down"));
            return;
        }
        CompletionStage<T> sent;
        try {
            sent = command.apply(session);
        } catch (RuntimeException e) {
            sent = CompletableFuture.failedStage(RedisErrors.of(e, false));
        }
        sent.whenComplete((value, failure) -> {
            pendingCount.decrementAndGet();
            if (failure == null) {
                answer.complete(value);
            } else {
                answer.completeExceptionally(RedisErrors.of(failure, false));
            }
        });
    }

    @Override
    public void close(Duration timeout) {
        CallerThread.run(() -> end(timeout));
    }

    private void end(Duration timeout) {
        synchronized (this) {
            boolean open = eventLoop != null && !closed;
            closed = true;
            if (!open) {
                return;
            }
        }
        CompletableFuture<Void> ended = new CompletableFuture<>();
        eventLoop.loop().execute(() -> removeCountsAndClose(timeout, ended));
        if (eventLoop.loop().inEventLoop()) {
            // A callback on the event loop closes the backplane. It must not wait for its own thread.
            ended.thenRun(this::endThread);
            return;
        }
        try {
            ended.get(timeout.toMillis() + CLOSING_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn(
                    "the connections to Redis did not end in time: {}",
                    e.getClass().getSimpleName());
        }
        endThread();
    }

    private void endThread() {
        eventLoop.end();
        tasks.drainAll();
    }

    private void removeCountsAndClose(Duration timeout, CompletableFuture<Void> ended) {
        Runnable end = () -> supervisor.end().whenComplete((nothing, failure) -> ended.complete(null));
        RedisSession session = supervisor.session();
        if (session == null) {
            end.run();
            return;
        }
        nodeCounts.remove(session).whenComplete((removed, failure) -> end.run());
        eventLoop.loop().schedule(end, timeout.toMillis(), TimeUnit.MILLISECONDS);
    }
}
