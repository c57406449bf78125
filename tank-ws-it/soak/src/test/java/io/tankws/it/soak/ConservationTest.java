package io.tankws.it.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tankws.Statistics;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** In one million deliveries, or ten with {@code -Dtankws.messages=5000}, none is lost, repeated or reordered. */
class ConservationTest {
    private static final int SUBSCRIBERS = 1000;
    private static final int MESSAGES = Integer.getInteger("tankws.messages", 500);
    /** Maximum number of messages that the slowest reader may lag. The default outbox holds four times as many. */
    private static final int LEAD = 250;

    /** Runs both transports at the same time, which is faster. */
    @Test
    @Timeout(900)
    void everySubscriberThatKeepsUpGetsEveryMessageOnceAndInOrderOnBothTransports() {
        Stream.of("jetty", "java-websocket")
                .map(transport ->
                        CompletableFuture.runAsync(() -> deliver(transport), task -> new Thread(task).start()))
                .toList()
                .forEach(CompletableFuture::join);
    }

    private static void deliver(String transport) {
        try (OperationSite site = new OperationSite(transport, Duration.ofMillis(10), settings -> {})) {
            List<Reader> readers = IntStream.range(0, SUBSCRIBERS)
                    .mapToObj(i -> {
                        Reader reader = new Reader(false);
                        site.join("u" + i, reader);
                        return reader;
                    })
                    .toList();
            site.awaitClients(SUBSCRIBERS);
            site.subscribeAll(Reader.TOPIC);
            long begin = System.nanoTime();
            for (int i = 0; i < MESSAGES; i++) {
                if (i % LEAD == 0) {
                    awaitAll(site, readers, i - LEAD);
                }
                site.manager.broadcastTopicMessage(Reader.TOPIC, Integer.toString(i));
            }
            awaitAll(site, readers, MESSAGES);
            long millis = (System.nanoTime() - begin) / 1_000_000;
            System.out.printf("%s: %d deliveries in %d ms%n", transport, (long) SUBSCRIBERS * MESSAGES, millis);
            Statistics statistics = site.conserved();
            assertEquals((long) SUBSCRIBERS * MESSAGES, statistics.messagesOffered());
            assertEquals(statistics.messagesOffered(), statistics.messagesSent());
            assertEquals(SUBSCRIBERS, statistics.clients());
        }
    }

    private static void awaitAll(OperationSite site, List<Reader> readers, int count) {
        site.await(
                count + " messages at each reader",
                Duration.ofSeconds(400),
                () -> readers.stream().allMatch(reader -> reader.received() >= count));
    }
}
