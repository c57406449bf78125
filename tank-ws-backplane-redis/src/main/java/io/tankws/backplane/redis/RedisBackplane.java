package io.tankws.backplane.redis;

import io.lettuce.core.RedisException;
import io.lettuce.core.resource.ClientResources;
import io.tankws.spi.Backplane;
import io.tankws.spi.BackplaneConfig;
import io.tankws.spi.BackplaneListener;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one {@link RedisLink} alive after another. One thread makes and ends them; Netty's tell what comes, one at a time
 * under a lock, under which nobody waits.
 */
final class RedisBackplane implements Backplane, RedisLink.Listener {
    private static final Logger LOG = LoggerFactory.getLogger("io.tankws");
    /** Between probes. */
    private static final long PROBE = Duration.ofSeconds(1).toNanos();
    /** Without an answer to a subscription, a link is taken for dead. */
    private static final long ANSWER = Duration.ofSeconds(2).toNanos();

    private static final Duration LINK_END = Duration.ofMillis(500);

    private final BackplaneConfig config;
    private final RedisAddress address;
    private final String prefix;
    private final String probeName;
    private final Wanted wanted = new Wanted();
    private final Leases leases;
    private final Backoff backoff = new Backoff();
    private final ScheduledThreadPoolExecutor thread;
    private final AtomicBoolean pumping = new AtomicBoolean();
    /** Guards what the listener is told. */
    private final Object calls = new Object();

    private ClientResources resources;
    private BackplaneListener listener;
    /** {@code null} while there is none; written by the thread, under the lock of the calls. */
    private volatile RedisLink link;

    private volatile Probes probes = new Probes(List.of(), 0);
    private volatile boolean subscribed;
    private volatile long answeredAt;
    private volatile boolean toComplete;
    private volatile boolean closed;
    private boolean up;
    private boolean downTold;
    private long workedAt = System.nanoTime();

    RedisBackplane(BackplaneConfig config, RedisAddress address) {
        this.config = config;
        this.address = address;
        prefix = "tankws:" + config.cluster() + ":";
        probeName = prefix + "p:" + config.node();
        leases = new Leases(config.cluster(), config.node());
        thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread made = new Thread(task, config.name() + "-backplane");
            made.setDaemon(true);
            return made;
        });
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        thread.setRemoveOnCancelPolicy(true);
    }

    @Override
    public void start(BackplaneListener listener) {
        this.listener = listener;
        resources = LinkClient.resources(config.name(), this::readComplete);
        thread.execute(() -> guarded(this::connect));
        thread.scheduleWithFixedDelay(() -> guarded(this::beat), PROBE, PROBE, TimeUnit.NANOSECONDS);
    }

    /** A failure of ours must not end the thread's work. */
    private void guarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            LOG.error("{}: the backplane failed", config.name(), e);
        }
    }

    private void connect() {
        RedisLink made;
        try {
            made = address.sharded()
                    ? new ShardedLink(resources, address.uris(), this)
                    : new SingleLink(resources, address.uris().get(0), this);
        } catch (RuntimeException e) {
            tellDown(e);
            retry();
            return;
        }
        probes.channels().forEach(wanted::remove);
        probes = new Probes(made.probes(probeName), probes.sent());
        probes.channels().forEach(wanted::add);
        wanted.forget();
        subscribed = false;
        answeredAt = System.nanoTime();
        synchronized (calls) {
            link = made;
        }
        if (made.isOpen()) {
            pump();
        } else {
            lost(made, new RedisException("a connection to Redis was closed"));
        }
    }

    private void retry() {
        if (!closed) {
            thread.schedule(() -> guarded(this::connect), backoff.next(), TimeUnit.NANOSECONDS);
        }
    }

    /** Tells Redis the next of what is wanted; once all is told, the first probe goes out. */
    private void pump() {
        pumping.set(false);
        RedisLink current = link;
        if (current == null) {
            return;
        }
        Wanted.Batch batch = wanted.next();
        while (batch != null && batch.isEmpty()) {
            batch = wanted.next();
        }
        if (batch != null) {
            answeredAt = System.nanoTime();
            if (!batch.unsubscribe().isEmpty()) {
                watch(current, current.unsubscribe(utf8(batch.unsubscribe())));
            }
            if (!batch.subscribe().isEmpty()) {
                watch(current, current.subscribe(utf8(batch.subscribe())));
            }
        } else if (!subscribed && wanted.isSettled()) {
            subscribed = true;
            probe(current);
        }
    }

    private void watch(RedisLink current, List<? extends CompletionStage<Void>> stages) {
        for (CompletionStage<Void> stage : stages) {
            stage.whenComplete((nothing, error) -> {
                if (error != null) {
                    broken(current, error);
                }
            });
        }
    }

    private void requestPump() {
        if (!closed && pumping.compareAndSet(false, true)) {
            execute(this::pump);
        }
    }

    private void execute(Runnable work) {
        if (!closed) {
            thread.execute(() -> guarded(work));
        }
    }

    private void beat() {
        RedisLink current = link;
        if (current == null) {
            return;
        }
        if (probes.areMissed()) {
            lost(current, new RedisException("two probes did not come back"));
        } else if (!wanted.isSettled() && System.nanoTime() - answeredAt > ANSWER) {
            lost(current, new RedisException("no answer to a subscription"));
        } else if (subscribed) {
            probe(current);
        }
    }

    private void probe(RedisLink current) {
        byte[] next = probes.next();
        for (String channel : probes.channels()) {
            // Whatever fails is noticed when the probe does not come.
            current.publish(utf8(channel), next);
        }
    }

    private void beUp() {
        synchronized (calls) {
            if (link != null && !up && subscribed && probes.haveComeBack() && !closed) {
                up = true;
                downTold = false;
                backoff.reset();
                tell(BackplaneListener::onUp);
            }
        }
    }

    private void lost(RedisLink gone, Throwable cause) {
        synchronized (calls) {
            if (link != gone) {
                return;
            }
            workedAt = probes.workedAt(workedAt);
            link = null;
        }
        tellDown(cause);
        gone.close(LINK_END);
        retry();
    }

    private void tellDown(Throwable cause) {
        synchronized (calls) {
            up = false;
            if (!downTold && !closed) {
                downTold = true;
                Duration since = Duration.ofNanos(System.nanoTime() - workedAt);
                tell(told -> told.onDown(cause, since));
            }
        }
    }

    private interface Call {
        void on(BackplaneListener listener);
    }

    private void tell(Call call) {
        try {
            call.on(listener);
        } catch (RuntimeException | Error e) {
            LOG.error("{}: what came from the backplane could not be dealt with", config.name(), e);
        }
    }

    @Override
    public void broken(RedisLink which, Throwable cause) {
        execute(() -> lost(which, cause));
    }

    @Override
    public void subscribed(RedisLink which, byte[] bytes) {
        String channel = text(bytes);
        synchronized (calls) {
            if (which != link || closed) {
                return;
            }
            answeredAt = System.nanoTime();
            if (wanted.subscribed(channel) && !channel.startsWith(probeName)) {
                tell(told -> told.onSubscribed(channel.substring(prefix.length())));
            }
        }
        requestPump();
    }

    @Override
    public void unsubscribed(RedisLink which, byte[] bytes) {
        if (which != link) {
            return;
        }
        answeredAt = System.nanoTime();
        if (wanted.unsubscribed(text(bytes))) {
            requestPump();
        } else {
            // A slot has moved to another master.
            broken(which, new RedisException("Redis ended a subscription"));
        }
    }

    @Override
    public void message(RedisLink which, byte[] bytes, byte[] message) {
        String channel = text(bytes);
        if (channel.startsWith(probeName)) {
            if (which == link && probes.came(channel, message)) {
                execute(this::beUp);
            }
            return;
        }
        synchronized (calls) {
            if (which == link && !closed) {
                toComplete = true;
                tell(told -> told.onMessage(channel.substring(prefix.length()), message));
            }
        }
    }

    private void readComplete() {
        if (toComplete) {
            synchronized (calls) {
                toComplete = false;
                if (!closed) {
                    tell(BackplaneListener::onReadComplete);
                }
            }
        }
    }

    @Override
    public CompletionStage<Void> publish(String channel, byte[] message) {
        return ask(current -> current.publish(utf8(prefix + channel), message).thenAccept(receivers -> {}));
    }

    @Override
    public void subscribe(String channel) {
        if (wanted.add(prefix + channel)) {
            requestPump();
        }
    }

    @Override
    public void unsubscribe(String channel) {
        if (wanted.remove(prefix + channel)) {
            requestPump();
        }
    }

    @Override
    public CompletionStage<Void> lease(Map<String, Long> figures, Duration time) {
        return ask(current -> leases.lease(current.commands(), figures, time));
    }

    @Override
    public CompletionStage<Long> sumOfOthers(String figure) {
        return ask(current -> leases.sumOfOthers(current.commands(), figure));
    }

    private <T> CompletionStage<T> ask(Function<RedisLink, CompletionStage<T>> question) {
        RedisLink current = link;
        if (current == null) {
            return Failures.unreachableStage();
        }
        CompletableFuture<T> answer = new CompletableFuture<>();
        try {
            question.apply(current).whenComplete((value, error) -> {
                if (error == null) {
                    answer.complete(value);
                } else {
                    answer.completeExceptionally(Failures.named(error));
                }
            });
        } catch (RuntimeException e) {
            answer.completeExceptionally(Failures.named(e));
        }
        return answer;
    }

    @Override
    public void close(Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        synchronized (calls) {
            closed = true;
        }
        thread.shutdown();
        awaitThread(timeout);
        RedisLink last = link;
        if (last != null) {
            LinkClient.awaitEnd(
                    leases.leave(last.commands()).toCompletableFuture(),
                    left(deadline).dividedBy(2));
            last.close(left(deadline));
        }
        if (resources != null) {
            Future<Boolean> end =
                    resources.shutdown(0, Math.max(1, left(deadline).toMillis()), TimeUnit.MILLISECONDS);
            try {
                end.get(Math.max(1, left(deadline).toMillis()), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
                LOG.warn("{}: threads of the Redis client have not ended in time", config.name());
            }
        }
    }

    private void awaitThread(Duration timeout) {
        try {
            thread.awaitTermination(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Duration left(long deadline) {
        return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    }

    private static List<byte[]> utf8(List<String> channels) {
        return channels.stream().map(RedisBackplane::utf8).toList();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
