package io.tankws.it.properties;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.tankws.ManagerLimits;
import io.tankws.Payload;
import io.tankws.Publication;
import io.tankws.PublishOptions;
import io.tankws.PublisherInfo;
import io.tankws.StreamPosition;
import io.tankws.TopicOptions;
import io.tankws.core.history.MemoryHistory;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * The memory of a kept publication, measured as the bytes that a thread allocates for its objects, is at most the size
 * with which the history counts it.
 */
class HistoryMemoryTest {
    private static final int ROUNDS = 1000;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    /** Keeps each object reachable, so that the compiler cannot remove its allocation. */
    private static volatile Object sink;

    /** Returns the bytes that one call allocates. Each object that it allocates must be part of its result. */
    private static double allocatedBytes(Supplier<?> call) {
        double least = Double.MAX_VALUE;
        for (int attempt = 0; attempt < 5; attempt++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < ROUNDS; i++) {
                sink = call.get();
            }
            least = Math.min(least, (THREADS.getCurrentThreadAllocatedBytes() - before) / (double) ROUNDS);
        }
        return least;
    }

    /** Returns the bytes by which a publication increases the size of a history. */
    private static long countedBytes(Publication publication) {
        MemoryHistory history = new MemoryHistory(ManagerLimits.defaults(), () -> 0);
        TopicOptions options = TopicOptions.builder().historySize(2).build();
        history.append(publication, options, PublishOptions.defaults());
        long before = history.bytes();
        history.append(publication, options, PublishOptions.defaults());
        return history.bytes() - before;
    }

    private static Publication.Builder publication(int bytes) {
        return Publication.builder("topic", Payload.binary(new byte[bytes]));
    }

    @Test
    void aKeptPublicationTakesAtMostItsPayloadAnd200Bytes() {
        for (int size : new int[] {0, 1, 100, 1000}) {
            byte[] bytes = new byte[size];
            StreamPosition position = new StreamPosition("epoch", 1);
            Publication kept = publication(size).build();
            double payload = allocatedBytes(() -> Payload.binary(bytes));
            double publication = allocatedBytes(() -> kept.at(position));
            // The array of a stream has at most four places for each publication.
            double places = allocatedBytes(() -> new Publication[4000]) / 1000;
            double all = payload + publication + places;
            System.out.printf(
                    "payload of %d bytes: %.1f, publication %.1f, places %.1f, together %.1f%n",
                    size, payload, publication, places, all);
            long counted = countedBytes(kept);
            assertTrue(payload >= size + 16 && publication >= 40, () -> "measured only " + all);
            assertTrue(all <= counted, () -> "measured " + all + " of " + counted);
            assertTrue(counted <= size + 200, () -> "counted " + counted);
        }
    }

    /** Returns the bytes of a string of its own with the same text. */
    private static double stringBytes(String text) {
        byte[] utf16 = text.getBytes(StandardCharsets.UTF_16LE);
        byte[] latin1 = text.getBytes(StandardCharsets.ISO_8859_1);
        boolean isLatin1 = new String(latin1, StandardCharsets.ISO_8859_1).equals(text);
        return allocatedBytes(() -> (isLatin1 ? latin1 : utf16).clone()) + allocatedBytes(() -> new String("x"));
    }

    @Test
    void tagsTakeAtMostTheirSize() {
        long withoutTags = countedBytes(publication(0).build());
        for (String text : new String[] {"a", "\u20ac", "x".repeat(30)}) {
            for (int number : new int[] {1, 2, 7, 32}) {
                Map<String, String> tags = new HashMap<>();
                double strings = 0;
                for (int i = 0; i < number; i++) {
                    tags.put(i + text, text);
                    strings += stringBytes(i + text) + stringBytes(text);
                }
                double all = strings + allocatedBytes(() -> Map.copyOf(tags));
                long counted = countedBytes(publication(0).tags(tags).build()) - withoutTags;
                assertTrue(all <= counted, () -> number + " tags take " + all + " of " + counted);
            }
        }
    }

    @Test
    void aPublisherTakesAtMostItsSize() {
        long withoutPublisher = countedBytes(publication(0).build());
        for (String text : new String[] {"a", "\u20ac", "x".repeat(30)}) {
            byte[] info = text.getBytes(StandardCharsets.UTF_8);
            PublisherInfo withoutInfo = PublisherInfo.of(text, text);
            PublisherInfo publisher = withoutInfo.withInfo(Payload.binary(info));
            double all = 2 * stringBytes(text) + allocatedBytes(() -> withoutInfo.withInfo(Payload.binary(info)));
            long counted = countedBytes(publication(0).publisher(publisher).build()) - withoutPublisher;
            assertTrue(all <= counted, () -> "a publisher takes " + all + " of " + counted);
        }
    }
}
