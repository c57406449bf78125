package io.tankws.backplane.redis;

import io.tankws.spi.Backplane;
import io.tankws.spi.BackplaneConfig;
import io.tankws.spi.BackplaneListener;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes what several threads ask on to the backplane's one thread, in order, and keeps count of what has no answer yet. */
final class RedisBackplane implements Backplane {
    private static final Logger LOG = LoggerFactory.getLogger("io.tankws");

    /** Commands without an answer; the core's own bound is below. */
    private static final int MOST_PENDING = 64 * 1024;

    /** How long connections may take to close, beside the time for taking back the figures. */
    private static final long CLOSING_MILLIS = 1_000;

    private final BackplaneConfig config;
    private final RedisEndpoints address;
    private final RedisKeys names;
    private final NodeCounts leases;
    private final AtomicInteger pendingCount = new AtomicInteger();
    private RedisEventLoop thread;
    private ConnectionSupervisor lifeline;
    private volatile LoopTaskQueue mailbox;
    private volatile boolean closed;

    RedisBackplane(BackplaneConfig config, RedisEndpoints address) {
        this.config = config;
        this.address = address;
        names = new RedisKeys(config);
        leases = new NodeCounts(names);
    }

    @Override
    public void start(BackplaneListener listener) {
        Objects.requireNonNull(listener, "listener");
        CallerThread.run(() -> begin(listener));
    }

    private synchronized void begin(BackplaneListener listener) {
        if (thread != null || closed) {
            throw new IllegalStateException("a backplane starts once");
        }
        RedisEventLoop starting = new RedisEventLoop(config.name() + "-backplane");
        try {
            lifeline = new ConnectionSupervisor(starting, address, names, listener);
            mailbox = new LoopTaskQueue(starting.loop());
            // Starts the thread. Where none can be had, that must be known here, not at the first request.
            starting.loop().execute(lifeline::begin);
        } catch (RuntimeException | Error e) {
            mailbox = null;
            starting.end();
            throw e;
        }
        thread = starting;
    }

    @Override
    public CompletionStage<Void> publish(String channel, byte[] message) {
        Objects.requireNonNull(channel, "channel");
        Objects.requireNonNull(message, "message");
        return ask(link -> link.publish(channel, message).thenApply(receivers -> null));
    }

    @Override
    public void subscribe(String channel, Runnable heard) {
        Objects.requireNonNull(channel, "channel");
        Objects.requireNonNull(heard, "heard");
        tell(() -> lifeline.subscribe(channel, heard));
    }

    @Override
    public void unsubscribe(String channel) {
        Objects.requireNonNull(channel, "channel");
        tell(() -> lifeline.unsubscribe(channel));
    }

    private void tell(Runnable change) {
        LoopTaskQueue started = mailbox;
        if (started == null) {
            throw new IllegalStateException("the backplane has not been started");
        }
        // After the end this runs on the thread of the caller, which must not touch the lifeline.
        started.add(() -> {
            if (!closed) {
                change.run();
            }
        });
    }

    @Override
    public CompletionStage<Void> lease(Map<String, Long> figures, Duration time) {
        Map<String, Long> copy = Map.copyOf(figures);
        Objects.requireNonNull(time, "time");
        return ask(link -> leases.lease(link, copy, time));
    }

    @Override
    public CompletionStage<Long> sumOfOthers(String figure) {
        Objects.requireNonNull(figure, "figure");
        return ask(link -> leases.sumOfOthers(link, figure));
    }

    private <T> CompletionStage<T> ask(Function<RedisSession, CompletionStage<T>> command) {
        LoopTaskQueue started = mailbox;
        if (started == null || closed) {
            return CompletableFuture.failedStage(RedisErrors.unreachable("the backplane is not running"));
        }
        if (pendingCount.incrementAndGet() > MOST_PENDING) {
            pendingCount.decrementAndGet();
            return CompletableFuture.failedStage(
                    RedisErrors.unreachable("more than " + MOST_PENDING + " commands wait for an answer"));
        }
        CompletableFuture<T> answer = new CompletableFuture<>();
        started.add(() -> send(command, answer));
        return answer;
    }

    private <T> void send(Function<RedisSession, CompletionStage<T>> command, CompletableFuture<T> answer) {
        RedisSession link = closed ? null : lifeline.link();
        if (link == null) {
            pendingCount.decrementAndGet();
            answer.completeExceptionally(RedisErrors.unreachable("the connection to Redis is down"));
            return;
        }
        CompletionStage<T> sent;
        try {
            sent = command.apply(link);
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
            boolean open = thread != null && !closed;
            closed = true;
            if (!open) {
                return;
            }
        }
        CompletableFuture<Void> ended = new CompletableFuture<>();
        thread.loop().execute(() -> sayGoodbye(timeout, ended));
        if (thread.loop().inEventLoop()) {
            // A callback closes its own backplane, and must not wait for itself.
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
        thread.end();
        mailbox.end();
    }

    private void sayGoodbye(Duration timeout, CompletableFuture<Void> ended) {
        Runnable end = () -> lifeline.end().whenComplete((nothing, failure) -> ended.complete(null));
        RedisSession link = lifeline.link();
        if (link == null) {
            end.run();
            return;
        }
        leases.remove(link).whenComplete((removed, failure) -> end.run());
        thread.loop().schedule(end, timeout.toMillis(), TimeUnit.MILLISECONDS);
    }
}
