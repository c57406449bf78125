package io.tankws.backplane.redis;

import io.lettuce.core.resource.ClientResources;
import io.tankws.spi.Backplane;
import io.tankws.spi.BackplaneConfig;
import io.tankws.spi.BackplaneListener;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** What a node sees of Redis; the {@link LinkKeeper} keeps it in touch. */
final class RedisBackplane implements Backplane {
    private final BackplaneConfig config;
    private final RedisAddress address;
    private final String prefix;
    private final Wanted wanted = new Wanted();
    private final Leases leases;
    private ClientResources resources;
    private Teller teller;
    private LinkKeeper keeper;

    RedisBackplane(BackplaneConfig config, RedisAddress address) {
        this.config = config;
        this.address = address;
        prefix = prefix(config);
        leases = new Leases(config.cluster(), config.node());
    }

    /** What the names of a cluster's channels begin with in Redis; no hash tag, so that topics spread over its masters. */
    static String prefix(BackplaneConfig config) {
        return "tankws:" + config.cluster() + ":";
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void start(BackplaneListener listener) {
        teller = new Teller(config.name(), listener);
        resources = LinkClient.resources(config.name(), teller::readComplete);
        keeper = new LinkKeeper(config, address, wanted, resources, teller);
        keeper.start();
    }

    @Override
    public CompletionStage<Void> publish(String channel, byte[] message) {
        return ask(link -> link.publish(utf8(prefix + channel), message).thenAccept(receivers -> {}));
    }

    @Override
    public void subscribe(String channel) {
        if (wanted.add(prefix + channel)) {
            keeper.requestPump();
        }
    }

    @Override
    public void unsubscribe(String channel) {
        if (wanted.remove(prefix + channel)) {
            keeper.requestPump();
        }
    }

    @Override
    public CompletionStage<Void> lease(Map<String, Long> figures, Duration time) {
        return ask(link -> leases.lease(link.commands(), figures, time));
    }

    @Override
    public CompletionStage<Long> sumOfOthers(String figure) {
        return ask(link -> leases.sumOfOthers(link.commands(), figure));
    }

    private <T> CompletionStage<T> ask(Function<RedisLink, CompletionStage<T>> question) {
        RedisLink link = teller.link();
        if (link == null) {
            return CompletableFuture.failedFuture(Failures.unreachable());
        }
        CompletableFuture<T> answer = new CompletableFuture<>();
        try {
            question.apply(link).whenComplete((value, error) -> {
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
        if (teller == null) {
            return;
        }
        long deadline = System.nanoTime() + timeout.toNanos();
        teller.close();
        keeper.close(timeout);
        RedisLink last = teller.link();
        if (last != null) {
            LinkClient.awaitEnd(
                    leases.leave(last.commands()).toCompletableFuture(),
                    left(deadline).dividedBy(2));
            last.close(left(deadline));
        }
        CompletableFuture<Void> end = new CompletableFuture<>();
        resources
                .shutdown(0, Math.max(1, left(deadline).toMillis()), TimeUnit.MILLISECONDS)
                .addListener(done -> end.complete(null));
        LinkClient.awaitEnd(end, left(deadline));
    }

    private static Duration left(long deadline) {
        return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    }
}
