package io.tankws.backplane.redis;

import io.lettuce.core.RedisException;
import io.lettuce.core.resource.ClientResources;
import io.tankws.spi.BackplaneConfig;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes one {@link RedisLink} after another, subscribes to what is wanted, and proves again and again that what is sent
 * comes back. All of that on one thread; Netty's tell what comes.
 */
final class LinkKeeper implements RedisLink.Listener {
    private static final Logger LOG = LoggerFactory.getLogger("io.tankws");
    /** Between probes. */
    private static final long PROBE = Duration.ofSeconds(1).toNanos();
    /** Without an answer to a subscription, a link is taken for dead. */
    private static final long ANSWER = Duration.ofSeconds(2).toNanos();

    private static final Duration LINK_END = Duration.ofMillis(500);

    private final BackplaneConfig config;
    private final RedisAddress address;
    private final Wanted wanted;
    private final ClientResources resources;
    private final Teller teller;
    private final String prefix;
    private final String probeName;
    private final Backoff backoff = new Backoff();
    private final AtomicBoolean pumping = new AtomicBoolean();
    private final ScheduledThreadPoolExecutor thread;

    private volatile Probes probes = new Probes(List.of(), 0);
    private volatile long answeredAt;
    /** Whether all that was wanted when the link was made is subscribed; the thread's own, as the next. */
    private boolean subscribed;

    private long workedAt = System.nanoTime();

    LinkKeeper(BackplaneConfig config, RedisAddress address, Wanted wanted, ClientResources resources, Teller teller) {
        this.config = config;
        this.address = address;
        this.wanted = wanted;
        this.resources = resources;
        this.teller = teller;
        prefix = RedisBackplane.prefix(config);
        probeName = prefix + "p:" + config.node();
        thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread made = new Thread(task, config.name() + "-backplane");
            made.setDaemon(true);
            return made;
        });
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        thread.setRemoveOnCancelPolicy(true);
        // What comes after the end is of no interest.
        thread.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    }

    void start() {
        execute(this::connect);
        thread.scheduleWithFixedDelay(() -> guarded(this::beat), PROBE, PROBE, TimeUnit.NANOSECONDS);
    }

    private void execute(Runnable work) {
        thread.execute(() -> guarded(work));
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
            teller.down(e, sinceWorked());
            retry();
            return;
        }
        probes.channels().forEach(wanted::remove);
        probes = new Probes(made.probes(probeName), probes.sent());
        probes.channels().forEach(wanted::add);
        wanted.forget();
        subscribed = false;
        answeredAt = System.nanoTime();
        teller.link(made);
        if (made.isOpen()) {
            pump();
        } else {
            lost(made, new RedisException("a connection to Redis was closed"));
        }
    }

    private void retry() {
        thread.schedule(() -> guarded(this::connect), backoff.next(), TimeUnit.NANOSECONDS);
    }

    /** Something else is wanted, or the last that was asked for is answered. */
    void requestPump() {
        if (pumping.compareAndSet(false, true)) {
            execute(this::pump);
        }
    }

    /** Tells Redis the next of what is wanted; once all is told, the first probe goes out. */
    private void pump() {
        pumping.set(false);
        RedisLink current = teller.link();
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

    private void watch(RedisLink current, List<? extends CompletionStage<Void>> answers) {
        for (CompletionStage<Void> answer : answers) {
            answer.whenComplete((nothing, error) -> {
                if (error != null) {
                    broken(current, error);
                }
            });
        }
    }

    private void beat() {
        RedisLink current = teller.link();
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
            current.publish(RedisBackplane.utf8(channel), next);
        }
    }

    private void cameBack() {
        if (subscribed && probes.haveComeBack() && teller.up(teller.link())) {
            backoff.reset();
        }
    }

    private void lost(RedisLink gone, Throwable cause) {
        if (teller.unlink(gone)) {
            teller.down(cause, sinceWorked());
            gone.close(LINK_END);
            retry();
        }
    }

    private Duration sinceWorked() {
        workedAt = probes.workedAt(workedAt);
        return Duration.ofNanos(System.nanoTime() - workedAt);
    }

    @Override
    public void broken(RedisLink link, Throwable cause) {
        execute(() -> lost(link, cause));
    }

    @Override
    public void subscribed(RedisLink link, byte[] bytes) {
        if (link != teller.link()) {
            return;
        }
        String channel = text(bytes);
        answeredAt = System.nanoTime();
        if (wanted.subscribed(channel) && !channel.startsWith(probeName)) {
            teller.subscribed(link, channel.substring(prefix.length()));
        }
        requestPump();
    }

    @Override
    public void unsubscribed(RedisLink link, byte[] bytes) {
        if (link != teller.link()) {
            return;
        }
        answeredAt = System.nanoTime();
        if (wanted.unsubscribed(text(bytes))) {
            requestPump();
        } else {
            // A slot has moved to another master.
            broken(link, new RedisException("Redis ended a subscription"));
        }
    }

    @Override
    public void message(RedisLink link, byte[] bytes, byte[] message) {
        String channel = text(bytes);
        if (!channel.startsWith(probeName)) {
            teller.message(link, channel.substring(prefix.length()), message);
        } else if (link == teller.link() && probes.came(channel, message)) {
            execute(this::cameBack);
        }
    }

    /** Ends the thread's work; the present link stays. */
    void close(Duration timeout) {
        thread.shutdownNow();
        try {
            thread.awaitTermination(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<byte[]> utf8(List<String> channels) {
        return channels.stream().map(RedisBackplane::utf8).toList();
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
