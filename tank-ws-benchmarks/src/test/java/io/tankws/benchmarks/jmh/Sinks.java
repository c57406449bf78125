package io.tankws.benchmarks.jmh;

import io.tankws.Client;
import io.tankws.Manager;
import io.tankws.core.TankWs;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;

/** A manager and clients that all subscribe to one topic. */
public final class Sinks implements AutoCloseable {
    /** What all subscribe to. */
    public static final String TOPIC = "news";

    private static final int MOST = 1024;

    /** Without a transport. */
    public final Manager manager = TankWs.newInstance();

    final List<Client> clients;

    /**
     * Connects them.
     *
     * @param count how many
     * @throws InterruptedException if told to stop meanwhile
     */
    public Sinks(int count) throws InterruptedException {
        if (count > MOST) {
            throw new IllegalArgumentException("an event of each must fit into the buffer");
        }
        // Admission has threads of its own.
        CountDownLatch missing = new CountDownLatch(count);
        manager.connectionEvents().subscribe(new Counting(missing));
        for (int i = 0; i < count; i++) {
            manager.handleConnection(new SinkHandshake());
        }
        if (!missing.await(10, TimeUnit.SECONDS)) {
            throw new IllegalStateException(missing.getCount() + " of " + count + " did not connect");
        }
        clients = manager.clients();
        clients.forEach(client -> client.subscribe(TOPIC).orElseThrow());
    }

    @Override
    public void close() {
        manager.close();
    }

    /** Counts down once for each event. */
    private record Counting(CountDownLatch missing) implements Flow.Subscriber<Object> {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(Object event) {
            missing.countDown();
        }

        @Override
        public void onError(Throwable cause) {
            // They complete, they do not fail.
        }

        @Override
        public void onComplete() {
            // At the end, when nobody waits.
        }
    }
}
