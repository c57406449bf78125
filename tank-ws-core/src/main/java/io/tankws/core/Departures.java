package io.tankws.core;

import io.tankws.BackplaneException;
import io.tankws.BackplaneException.Reason;
import io.tankws.Cluster;
import io.tankws.ErrorCode;
import io.tankws.spi.Backplane;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way out of a node: numbers letters, bounds how many are under way, and applies the outage policy.
 *
 * <p>One lock makes the order of numbers the order of publishing. No stage completes and nothing is delivered under it.
 */
final class Departures {
    private static final Logger LOG = LoggerFactory.getLogger("io.tankws");

    final LongAdder published = new LongAdder();
    final LongAdder failed = new LongAdder();
    private final Cluster cluster;
    private final Backplane backplane;
    private final Function<String, Channel> channels;
    private final Events events;
    private final Streams streams;
    /** In the order in which they were admitted. */
    private final Set<Departure> admitted = new LinkedHashSet<>();

    private final Callbacks users;
    /** Of what depends on stages, and has not ended. */
    private final AtomicInteger calls = new AtomicInteger();

    private final Waitlist waiting;
    private int pending;
    private long pendingBytes;
    private boolean running;
    private boolean up;
    private boolean wasUp;

    Departures(
            Cluster cluster, Backplane backplane, Function<String, Channel> channels, Events events, Callbacks users) {
        this.cluster = cluster;
        this.backplane = backplane;
        this.channels = channels;
        this.events = events;
        this.users = users;
        waiting = new Waitlist(cluster.outagePolicy());
        streams = new Streams(cluster.maxStreams());
    }

    synchronized void open() {
        running = true;
    }

    /**
     * Sends a letter by way of the backplane.
     *
     * @param atHome what is done instead by {@link io.tankws.OutagePolicy#LOCAL_ONLY}
     */
    CompletionStage<Void> send(String channel, byte[] letter, Runnable atHome) {
        Departure departure = new Departure(channel, letter, atHome, this::call);
        Runnable then;
        synchronized (this) {
            then = running ? take(departure) : () -> fail(departure, Reason.NOT_RUNNING, "the manager is not running");
        }
        then.run();
        return departure.stage;
    }

    /** Decides on a new one, and returns what is to be done outside the lock. */
    private Runnable take(Departure departure) {
        if (!up || !waiting.isEmpty()) {
            return wait(departure);
        }
        if (!fits(departure)) {
            return () -> fail(
                    departure,
                    Reason.OVERFLOW,
                    "too much is on its way to the backplane, or too much that depends on publishes has not ended");
        }
        CompletionStage<Void> answer = admit(departure);
        return answer == null ? () -> {} : () -> await(departure, answer);
    }

    /** The backplane is down, or others still wait for it. */
    private Runnable wait(Departure departure) {
        switch (cluster.outagePolicy().kind()) {
            case BUFFER -> {
                return waiting.offer(departure)
                        ? () -> {}
                        : () -> fail(departure, Reason.OVERFLOW, "too much waits for the backplane");
            }
            case LOCAL_ONLY -> {
                return () -> {
                    departure.atHome.run();
                    departure.stage.complete(null);
                };
            }
            default -> {
                return () -> fail(departure, Reason.UNREACHABLE, "the backplane is down");
            }
        }
    }

    /** Runs what depends on a stage; what does not end takes the place of others in the end, so that it is bounded. */
    void call(Runnable task) {
        calls.incrementAndGet();
        Runnable counted = () -> {
            try {
                task.run();
            } finally {
                calls.decrementAndGet();
            }
        };
        if (!users.tryExecute(counted)) {
            counted.run();
        }
    }

    /** A letter larger than the bound leaves alone. */
    private boolean fits(Departure departure) {
        return pending + calls.get() < cluster.pendingMessages()
                && (pending == 0 || pendingBytes + departure.letter.length <= cluster.pendingBytes());
    }

    /** Publishes, or holds back what this node's own subscribers would miss; returns the backplane's answer, if any. */
    private CompletionStage<Void> admit(Departure departure) {
        departure.admitted = System.nanoTime();
        admitted.add(departure);
        pending++;
        pendingBytes += departure.letter.length;
        Channel channel = channels.apply(departure.channel);
        if (channel != null && !channel.heard) {
            channel.held.add(departure);
            return null;
        }
        return publish(departure);
    }

    private CompletionStage<Void> publish(Departure departure) {
        departure.left = true;
        streams.number(departure.channel, departure.letter, System.nanoTime());
        CompletionStage<Void> answer = backplane.publish(departure.channel, departure.letter);
        if (Departure.isUnreachable(answer.toCompletableFuture())) {
            streams.takeBack(departure.channel);
        }
        return answer;
    }

    private void await(Departure departure, CompletionStage<Void> answer) {
        answer.whenComplete((nothing, error) -> answered(departure, error));
    }

    private void answered(Departure departure, Throwable error) {
        Runnable next;
        synchronized (this) {
            if (departure.over) {
                return;
            }
            end(departure);
            next = admitWaiting();
        }
        run(List.of(() -> settle(departure, error), next));
    }

    private void settle(Departure departure, Throwable error) {
        if (error == null) {
            published.increment();
            departure.stage.complete(null);
        } else {
            fail(departure, Departure.named(error));
        }
    }

    private void end(Departure departure) {
        departure.over = true;
        admitted.remove(departure);
        Channel channel = departure.left ? null : channels.apply(departure.channel);
        if (channel != null) {
            channel.held.remove(departure);
        }
        pending--;
        pendingBytes -= departure.letter.length;
    }

    private Runnable admitWaiting() {
        if (!up || waiting.isEmpty()) {
            return () -> {};
        }
        List<Runnable> answers = new ArrayList<>();
        while (!waiting.isEmpty() && fits(waiting.peek())) {
            Departure departure = waiting.peek();
            waiting.removeFirst();
            CompletionStage<Void> answer = admit(departure);
            if (answer != null) {
                answers.add(() -> await(departure, answer));
            }
        }
        return () -> run(answers);
    }

    /**
     * A channel is heard, or this node does not want to hear it any more: what was held for it leaves. Returns what is to be
     * done outside of locks.
     */
    synchronized Runnable release(Channel channel) {
        List<Runnable> answers = new ArrayList<>();
        channel.heard = true;
        if (!up && wasUp) {
            // This connection may end before it is up, and nothing tells of that.
            channel.interrupt();
        }
        for (Departure held : channel.held) {
            CompletionStage<Void> answer = publish(held);
            answers.add(() -> await(held, answer));
        }
        channel.held.clear();
        return () -> run(answers);
    }

    /** The backplane is there. */
    void up() {
        Runnable next;
        synchronized (this) {
            up = true;
            wasUp = true;
            next = admitWaiting();
        }
        next.run();
    }

    /** The backplane is gone; what it has been given it answers for itself. */
    void down(Collection<Channel> all) {
        List<Runnable> then = new ArrayList<>();
        synchronized (this) {
            up = false;
            for (Channel channel : all) {
                if (channel.heard) {
                    channel.heard = false;
                    channel.interrupt();
                }
            }
            // In their order, which is before what could not even be held.
            List<Departure> again = admitted.stream()
                    .filter(departure -> !departure.left)
                    .collect(Collectors.toCollection(ArrayList::new));
            again.forEach(this::end);
            again.addAll(waiting.clear());
            for (Departure departure : again) {
                departure.over = false;
                then.add(wait(departure));
            }
        }
        run(then);
    }

    /** Each, whatever becomes of the others. */
    private static void run(List<Runnable> tasks) {
        for (Runnable task : tasks) {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                LOG.error("what became of a message could not be told", e);
            }
        }
    }

    /** Fails what is overdue. */
    void check(long now) {
        List<Runnable> then = new ArrayList<>();
        synchronized (this) {
            long oldest = now - cluster.publishTimeout().toNanos() + ClusterNode.TICK.toNanos() * 2;
            for (Departure first = first(); first != null && first.admitted - oldest <= 0; first = first()) {
                Departure late = first;
                end(late);
                then.add(() -> fail(late, late.late()));
            }
            for (Departure expired : waiting.expire(now)) {
                then.add(() -> fail(expired, Reason.EXPIRED, "it waited too long for the backplane"));
            }
            then.add(admitWaiting());
        }
        run(then);
    }

    private Departure first() {
        return admitted.isEmpty() ? null : admitted.iterator().next();
    }

    /** Fails what waits; what the backplane has been given is answered by its end. */
    void close() {
        List<Departure> left = new ArrayList<>();
        synchronized (this) {
            running = false;
            up = false;
            left.addAll(waiting.clear());
            for (Departure departure : List.copyOf(admitted)) {
                if (!departure.left) {
                    end(departure);
                    left.add(departure);
                }
            }
        }
        List<Runnable> then = new ArrayList<>();
        left.forEach(departure -> then.add(() -> fail(departure, Reason.NOT_RUNNING, "the manager is shut down")));
        run(then);
    }

    synchronized List<Letter.Head> publishedWithin(long nanos) {
        return streams.publishedWithin(nanos, System.nanoTime());
    }

    synchronized List<Letter.Head> publishedWithin(List<String> names, long nanos) {
        return streams.publishedWithin(names, nanos, System.nanoTime());
    }

    synchronized long pending() {
        return pending + (long) waiting.size();
    }

    private void fail(Departure departure, Reason reason, String message) {
        fail(departure, new BackplaneException(reason, message, null));
    }

    private void fail(Departure departure, BackplaneException error) {
        failed.increment();
        try {
            events.error(ErrorCode.PUBLISH_FAILED, error.getMessage(), null, error);
        } finally {
            departure.stage.completeExceptionally(error);
        }
    }
}
