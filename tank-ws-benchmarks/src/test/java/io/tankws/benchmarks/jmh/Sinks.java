package io.tankws.benchmarks.jmh;

import io.tankws.Client;
import io.tankws.Manager;
import io.tankws.core.TankWs;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;

/** A manager whose clients all subscribe to one topic. */
public final class Sinks implements AutoCloseable {
    /** Topic of all clients. */
    public static final String TOPIC = "news";

    private static final int MAX = 1024;

    /** The manager, without a transport. */
    public final Manager manager = TankWs.newInstance();

    final List<Client> clients;

    /**
     * Connects the clients.
     *
     * @param count number of clients
     * @throws InterruptedException if the thread is interrupted during the wait for the clients
     */
    public Sinks(int count) throws InterruptedException {
        if (count > MAX) {
            throw new IllegalArgumentException("an event of each must fit into the buffer");
        }
        // The handshakes run on other threads.
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

    /** A subscriber that counts down once for each event. */
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
            // The events complete without an error.
        }

        @Override
        public void onComplete() {
            // The events end with the benchmark, and no thread waits for them.
        }
    }
}
