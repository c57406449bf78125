package io.tankws.core.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.HistoryPage;
import io.tankws.HistoryQuery;
import io.tankws.HistoryResult;
import io.tankws.ManagerLimits;
import io.tankws.Payload;
import io.tankws.Publication;
import io.tankws.PublishOptions;
import io.tankws.StreamPosition;
import io.tankws.TopicOptions;
import io.tankws.UnknownPosition;
import io.tankws.spi.AppendResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A history in the simplest form, next to the real one: a list of publications and a set of past epochs for each topic.
 * Each command runs on both, and the results must be equal.
 */
final class HistoryModel {
    static final int TOPICS = 5;
    static final int MAX_TOPICS = 3;
    static final int MAX_BYTES = 8000;
    static final int MAX_KEYS = 3;
    static final Duration METADATA_TTL = Duration.ofSeconds(60);
    /** Options that each fit two of the topics, so that bounds of size, of bytes and of time are reached. */
    static final List<TopicOptions> OPTIONS = List.of(
            TopicOptions.builder()
                    .historySize(3)
                    .historyTtl(Duration.ofSeconds(20))
                    .build(),
            TopicOptions.builder()
                    .historySize(100)
                    .historyBytes(500)
                    .historyTtl(Duration.ofSeconds(90))
                    .build(),
            TopicOptions.builder()
                    .historySize(100)
                    .historyTtl(Duration.ofSeconds(40))
                    .build());

    private final MemoryHistory real;
    /** Streams in the order of their last use. */
    private final List<Stream> streams = new ArrayList<>();

    private final Map<String, Set<String>> pastEpochs = new HashMap<>();
    /** Epochs that a topic without a stream has shown, and that its stream must have. */
    private final Map<String, String> promisedEpochs = new HashMap<>();

    private final List<Key> keys = new ArrayList<>();
    private long now;
    private int publications;

    private static final class Stream {
        final String topic;
        final String epoch;
        final List<Publication> kept = new ArrayList<>();
        long top;
        long lastUse;
        long keptUntil;

        Stream(String topic, String epoch) {
            this.topic = topic;
            this.epoch = epoch;
        }

        long bytes() {
            return TopicStream.OVERHEAD
                    + 2L * topic.length()
                    + kept.stream().mapToLong(PublicationSize::of).sum();
        }
    }

    private record Key(String topic, String key, StreamPosition position, long until) {}

    HistoryModel() {
        real = new MemoryHistory(
                ManagerLimits.builder()
                        .maxTopicsWithHistory(MAX_TOPICS)
                        .maxHistoryBytes(MAX_BYTES)
                        .maxIdempotencyKeys(MAX_KEYS)
                        .historyMetadataTtl(METADATA_TTL)
                        .build(),
                () -> now);
    }

    private static String name(int topic) {
        return "topic" + topic;
    }

    void run(HistoryCommand command) {
        String topic = name(command.topic());
        TopicOptions options = OPTIONS.get(command.topic() % OPTIONS.size());
        int argument = command.argument();
        switch (command.action()) {
            case APPEND -> append(topic, 10 * argument, options, PublishOptions.builder());
            case APPEND_WITH_KEY ->
                append(topic, 10, options, PublishOptions.builder().idempotencyKey("key" + argument % 5));
            case APPEND_NOT_KEPT ->
                append(topic, 10, options, PublishOptions.builder().notKept());
            case APPEND_WITHOUT_HISTORY ->
                append(topic, 10, TopicOptions.NONE, PublishOptions.builder().idempotencyKey("key" + argument % 5));
            case READ -> read(topic, HistoryQuery.builder().limit(argument).build());
            case READ_REVERSE ->
                read(topic, HistoryQuery.builder().limit(argument).reverse().build());
            case READ_SINCE -> readSince(topic, argument, false);
            case READ_REVERSE_SINCE -> readSince(topic, argument, true);
            case READ_OLD_EPOCH -> readOldEpochs(topic);
            case READ_BEYOND_TOP -> readBeyondTop(topic, argument);
            case TOP -> sameTop(topic);
            case REMOVE -> remove(topic);
            case PASS_TIME -> now += Duration.ofSeconds(argument).toNanos();
            case EXPIRE -> expire();
            default -> throw new AssertionError(command);
        }
    }

    private void append(String topic, int bytes, TopicOptions options, PublishOptions.Builder call) {
        publications++;
        Publication publication = Publication.builder(topic, Payload.binary(new byte[bytes]))
                .timeMillis(publications)
                .build();
        PublishOptions publishOptions = call.build();
        AppendResult result = real.append(publication, options, publishOptions);
        keys.removeIf(key -> key.until <= now);
        String key = publishOptions.idempotencyKey().orElse(null);
        for (Key known : keys) {
            if (known.topic.equals(topic) && known.key.equals(key)) {
                assertEquals(new AppendResult.Repeated(known.position), result);
                return;
            }
        }
        Publication expected = publication;
        if (options.hasHistory() && publishOptions.isKept()) {
            expected = keep(publication, options, result.position().epoch());
        }
        assertEquals(new AppendResult.Appended(expected), result);
        if (key != null) {
            keys.add(new Key(
                    topic, key, expected.position(), now + Duration.ofMinutes(5).toNanos()));
            if (keys.size() > MAX_KEYS) {
                keys.remove(0);
            }
        }
    }

    private Publication keep(Publication publication, TopicOptions options, String epoch) {
        String topic = publication.topic();
        Stream stream = use(topic);
        if (stream == null) {
            checkEpoch(topic, epoch);
            promisedEpochs.remove(topic);
            stream = new Stream(topic, epoch);
            if (streams.size() == MAX_TOPICS) {
                end(streams.get(0));
            }
            stream.lastUse = now;
            streams.add(stream);
        }
        stream.top++;
        Publication kept = publication.at(new StreamPosition(stream.epoch, stream.top));
        stream.kept.add(kept);
        stream.keptUntil = now + options.historyTtl().toNanos();
        while (stream.kept.size() > options.historySize()
                || stream.kept.stream().mapToLong(each -> each.payload().size()).sum() > options.historyBytes()
                || !stream.kept.isEmpty() && stream.bytes() > MAX_BYTES) {
            stream.kept.remove(0);
        }
        while (streams.size() > 1 && streams.stream().mapToLong(Stream::bytes).sum() > MAX_BYTES) {
            end(streams.get(0));
        }
        return kept;
    }

    /** Returns the stream of a topic as it is now, as the one that was used last. */
    private Stream use(String topic) {
        Stream stream = streams.stream()
                .filter(each -> each.topic.equals(topic))
                .findFirst()
                .orElse(null);
        if (stream == null) {
            return null;
        }
        if (stream.lastUse + METADATA_TTL.toNanos() <= now) {
            end(stream);
            return null;
        }
        expirePublications(stream);
        stream.lastUse = now;
        streams.remove(stream);
        streams.add(stream);
        return stream;
    }

    private void expirePublications(Stream stream) {
        if (stream.keptUntil <= now) {
            stream.kept.clear();
        }
    }

    private void end(Stream stream) {
        streams.remove(stream);
        pastEpochs.computeIfAbsent(stream.topic, topic -> new HashSet<>()).add(stream.epoch);
    }

    /** Checks the epoch of a topic without a stream: it is new, and stays the same until the topic has a stream. */
    private void checkEpoch(String topic, String epoch) {
        assertTrue(epoch.matches("[a-zA-Z]{12}"), epoch);
        assertFalse(pastEpochs.getOrDefault(topic, Set.of()).contains(epoch), "an epoch occurs a second time");
        assertEquals(promisedEpochs.computeIfAbsent(topic, each -> epoch), epoch);
    }

    /** Returns the expected top. The real history determines the epoch of a topic without a stream. */
    private StreamPosition top(String topic) {
        Stream stream = use(topic);
        if (stream != null) {
            return new StreamPosition(stream.epoch, stream.top);
        }
        String epoch = real.top(topic).epoch();
        checkEpoch(topic, epoch);
        return new StreamPosition(epoch, 0);
    }

    private StreamPosition sameTop(String topic) {
        StreamPosition top = top(topic);
        assertEquals(top, real.top(topic));
        return top;
    }

    private void read(String topic, HistoryQuery query) {
        StreamPosition top = top(topic);
        Stream stream = use(topic);
        List<Publication> expected = new ArrayList<>(stream == null ? List.of() : stream.kept);
        int all = expected.size();
        boolean reverse = query.isReverse();
        long since = query.since().map(StreamPosition::offset).orElse(reverse ? top.offset() + 1 : 0L);
        if (reverse) {
            Collections.reverse(expected);
        }
        expected.removeIf(each -> reverse ? each.offset() >= since : each.offset() <= since);
        boolean nothingFollows = reverse ? since == 1 : since == top.offset();
        long next = reverse ? since - 1 : since + 1;
        boolean complete =
                nothingFollows || !expected.isEmpty() && expected.get(0).offset() == next;
        boolean more = expected.size() > query.limit();
        if (more) {
            expected = expected.subList(0, query.limit());
        }
        HistoryPage page = assertInstanceOf(HistoryPage.class, real.read(topic, query));
        assertEquals(expected, page.publications());
        assertEquals(top, page.top());
        assertEquals(complete, page.isComplete(), () -> query + " of " + all + " " + page);
        assertEquals(more, page.hasMore(), () -> query + " of " + all + " " + page);
    }

    private void readSince(String topic, int argument, boolean reverse) {
        StreamPosition top = sameTop(topic);
        long offset = argument % (top.offset() + 1);
        if (reverse && offset == 0) {
            return;
        }
        String epoch = argument % 7 == 0 ? StreamPosition.UNKNOWN_EPOCH : top.epoch();
        HistoryQuery.Builder query =
                HistoryQuery.builder().since(new StreamPosition(epoch, offset)).limit(argument % 4 == 0 ? 2 : 1000);
        read(topic, (reverse ? query.reverse() : query).build());
    }

    private void readOldEpochs(String topic) {
        StreamPosition top = sameTop(topic);
        for (String epoch : pastEpochs.getOrDefault(topic, Set.of())) {
            HistoryResult result = real.read(topic, HistoryQuery.since(new StreamPosition(epoch, 0)));
            assertEquals(new UnknownPosition(UnknownPosition.Reason.OTHER_EPOCH, top), result);
        }
    }

    private void readBeyondTop(String topic, int argument) {
        StreamPosition top = sameTop(topic);
        StreamPosition beyond = new StreamPosition(top.epoch(), top.offset() + 1 + argument);
        assertEquals(
                new UnknownPosition(UnknownPosition.Reason.BEYOND_TOP, top),
                real.read(topic, HistoryQuery.since(beyond)));
    }

    private void remove(String topic) {
        Stream stream = use(topic);
        if (stream != null) {
            stream.kept.clear();
        }
        real.remove(topic);
    }

    /** Frees the memory of everything that has expired on both sides, and compares the totals. */
    void expire() {
        real.expire();
        for (Stream stream : List.copyOf(streams)) {
            if (stream.lastUse + METADATA_TTL.toNanos() <= now) {
                end(stream);
            } else {
                expirePublications(stream);
            }
        }
        assertEquals(streams.size(), real.topics());
        assertEquals(streams.stream().mapToLong(Stream::bytes).sum(), real.bytes());
        assertTrue(real.bytes() <= MAX_BYTES);
    }
}
