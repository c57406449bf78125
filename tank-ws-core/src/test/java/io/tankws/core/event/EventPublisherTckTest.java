package io.tankws.core.event;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.LongAdder;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;

/** The publishers of errors and of connection events, by the Reactive Streams TCK (TestNG, run as JUnit tests). */
class EventPublisherTckTest extends FlowPublisherVerification<Long> {
    private static final int BUFFER = 1024;

    private static final ExecutorService THREADS = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "tck");
        thread.setDaemon(true);
        return thread;
    });

    EventPublisherTckTest() {
        super(new TestEnvironment(500, 100), 1000);
    }

    /** The publisher drops events, so the test publishes them after it has subscribed, again until there is room. */
    @Override
    public Flow.Publisher<Long> createFlowPublisher(long elements) {
        LongAdder lost = new LongAdder();
        EventPublisher<Long> publisher = new EventPublisher<>(THREADS, BUFFER, lost, failure -> {});
        return subscriber -> {
            publisher.subscribe(subscriber);
            THREADS.execute(() -> {
                for (long i = 0; i < elements && publisher.hasSubscribers(); i++) {
                    do {
                        lost.reset();
                        publisher.publish(i);
                    } while (lost.sum() > 0 && publisher.hasSubscribers());
                }
                publisher.close();
            });
        };
    }

    @Override
    public Flow.Publisher<Long> createFailedFlowPublisher() {
        // An event publisher never fails; the TCK skips the two rules that speak of failing.
        return null;
    }
}
