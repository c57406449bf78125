package io.tankws.backplane.redis;

import io.lettuce.core.ScriptOutputType;
import io.tankws.BackplaneException;
import io.tankws.BackplaneException.Reason;
import io.tankws.HistoryPage;
import io.tankws.HistoryQuery;
import io.tankws.HistoryResult;
import io.tankws.Publication;
import io.tankws.PublishOptions;
import io.tankws.StreamPosition;
import io.tankws.TopicOptions;
import io.tankws.UnknownPosition;
import io.tankws.backplane.redis.RedisKeys.TopicKeys;
import io.tankws.spi.AppendResult;
import io.tankws.spi.BackplaneConfig;
import io.tankws.spi.SharedHistoryStore;
import io.tankws.spi.support.FailureLog;
import io.tankws.spi.support.PublicationCodec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The histories in Redis. Each call is one command: a {@link HistoryScript}, which runs on the server of the topic.
 * Safe for use by several threads; callers encode, and the event loop decodes.
 */
final class RedisHistory implements SharedHistoryStore {
    private static final Logger LOG = LoggerFactory.getLogger("io.tankws");

    /** Entries of the table of epochs in each slot. The more there are, the fewer topics share an epoch. */
    private static final int EPOCHS_PER_SLOT = 64;

    private static final byte[] NOTHING = {};
    private static final byte[] PUBLISH = RedisKeys.utf8("PUBLISH");
    private static final byte[] SPUBLISH = RedisKeys.utf8("SPUBLISH");
    private static final byte[] IDEMPOTENCY_MILLIS = millis(IDEMPOTENCY_LIFETIME);

    private final RedisBackplane backplane;
    private final RedisKeys keys;
    private final String topicChannelPrefix;
    private final byte[] metadataMillis;
    private final IdempotencyKeys writtenKeys;
    private final EpochSource epochs = new EpochSource();
    private final FailureLog failures = new FailureLog(LOG::warn);

    RedisHistory(RedisBackplane backplane, RedisKeys keys, BackplaneConfig config) {
        this.backplane = backplane;
        this.keys = keys;
        topicChannelPrefix = config.topicChannelPrefix();
        writtenKeys = new IdempotencyKeys(config.limits().maxIdempotencyKeys());
        metadataMillis = millis(config.limits().historyMetadataTtl());
    }

    /**
     * The way of a publication to the subscribers.
     *
     * @param channel the channel in Redis
     * @param envelope the bytes that travel with the publication, with their length
     */
    private record Delivery(byte[] channel, byte[] envelope) {
        /** Returns the command that publishes. */
        static byte[] command(@Nullable Delivery delivery, RedisSession session) {
            return delivery == null ? NOTHING : session.isCluster() ? SPUBLISH : PUBLISH;
        }
    }

    @Override
    public CompletionStage<AppendResult> append(
            Publication publication,
            TopicOptions topicOptions,
            PublishOptions options,
            String channel,
            byte[] envelope) {
        Objects.requireNonNull(publication, "publication");
        if (!channel.equals(topicChannelPrefix + publication.topic())) {
            throw new IllegalArgumentException("the channel must be that of the topic, but was another one");
        }
        if (envelope.length > MAX_ENVELOPE_BYTES) {
            throw new IllegalArgumentException(
                    "envelope must have at most " + MAX_ENVELOPE_BYTES + " bytes, but had " + envelope.length);
        }
        return append(
                publication,
                topicOptions,
                options,
                new Delivery(keys.channel(channel), PublicationMessage.withLength(envelope)));
    }

    @Override
    public CompletionStage<AppendResult> append(
            Publication publication, TopicOptions topicOptions, PublishOptions options) {
        return append(publication, topicOptions, options, null);
    }

    private CompletionStage<AppendResult> append(
            Publication publication, TopicOptions topicOptions, PublishOptions options, @Nullable Delivery delivery) {
        Objects.requireNonNull(publication, "publication");
        Objects.requireNonNull(topicOptions, "topicOptions");
        Objects.requireNonNull(options, "options");
        byte[] bytes = PublicationCodec.encode(publication);
        int envelopeBytes = delivery == null ? 0 : delivery.envelope().length;
        if (bytes.length > PublicationMessage.MAX_BYTES - PublicationMessage.MAX_OVERHEAD - envelopeBytes) {
            return CompletableFuture.failedStage(new BackplaneException(
                    Reason.REFUSED,
                    "a publication must fit into " + PublicationMessage.MAX_BYTES + " bytes, but is larger",
                    null));
        }
        if (topicOptions.hasHistory() && options.isKept()) {
            return keep(publication, bytes, topicOptions, options, delivery);
        }
        return options.idempotencyKey()
                .map(key -> publishOnce(publication, bytes, key, delivery))
                .orElseGet(() -> publish(publication, bytes, delivery));
    }

    private CompletionStage<AppendResult> keep(
            Publication publication,
            byte[] bytes,
            TopicOptions topicOptions,
            PublishOptions options,
            @Nullable Delivery delivery) {
        String topic = publication.topic();
        TopicKeys topicKeys = keys.topic(topic);
        byte @Nullable [] key = options.idempotencyKey()
                .map(text -> topicKeys.idempotency(topic, text))
                .orElse(null);
        byte[][] all = key == null
                ? names(topicKeys)
                : new byte[][] {topicKeys.metadata(), topicKeys.stream(), topicKeys.epochs(), key};
        byte[] payloadBytes = number(publication.payload().size());
        byte[] historySize = number(topicOptions.historySize());
        byte[] historyBytes = number(topicOptions.historyBytes());
        byte[] historyMillis = millis(topicOptions.historyTtl());
        return run(
                HistoryScript.APPEND,
                all,
                session -> new byte[][] {
                    session.serverIdentity(all[0]),
                    epochs.next(),
                    metadataMillis,
                    tableEntry(topic),
                    bytes,
                    payloadBytes,
                    historySize,
                    historyBytes,
                    historyMillis,
                    IDEMPOTENCY_MILLIS,
                    Delivery.command(delivery, session),
                    delivery == null ? NOTHING : delivery.channel(),
                    delivery == null ? NOTHING : delivery.envelope()
                },
                (session, reply) -> result(publication, key, session, reply));
    }

    private CompletionStage<AppendResult> publishOnce(
            Publication publication, byte[] bytes, String key, @Nullable Delivery delivery) {
        String topic = publication.topic();
        byte[][] names = {keys.topic(topic).idempotency(topic, key)};
        byte[] channel = delivery == null ? NOTHING : delivery.channel();
        byte[] message = delivery == null ? NOTHING : PublicationMessage.notKept(bytes, delivery.envelope());
        return run(
                HistoryScript.PUBLISH_ONCE,
                names,
                session -> new byte[][] {IDEMPOTENCY_MILLIS, Delivery.command(delivery, session), channel, message},
                (session, reply) -> result(publication, names[0], session, reply));
    }

    private CompletionStage<AppendResult> publish(Publication publication, byte[] bytes, @Nullable Delivery delivery) {
        if (delivery == null) {
            return backplane.ask(session -> CompletableFuture.completedStage(new AppendResult.Appended(publication)));
        }
        byte[] message = PublicationMessage.notKept(bytes, delivery.envelope());
        return backplane.ask(session -> session.publish(delivery.channel(), message)
                .thenApply(receivers -> new AppendResult.Appended(publication)));
    }

    private AppendResult result(
            Publication publication, byte @Nullable [] key, RedisSession session, List<Object> reply) {
        StreamPosition position = PublicationMessage.position((byte[]) reply.get(1));
        if ((Long) reply.get(0) == 0) {
            return new AppendResult.Repeated(position);
        }
        if (key != null) {
            writtenKeys.add(session, key, System.nanoTime());
        }
        return new AppendResult.Appended(position.offset() == 0 ? publication : publication.at(position));
    }

    @Override
    public CompletionStage<HistoryResult> read(String topic, HistoryQuery query) {
        Objects.requireNonNull(topic, "topic");
        Objects.requireNonNull(query, "query");
        byte[] epoch = query.since().map(since -> RedisKeys.utf8(since.epoch())).orElse(NOTHING);
        byte[] offset = query.since().map(since -> number(since.offset())).orElse(NOTHING);
        byte[] limit = number(query.limit());
        byte[] reverse = query.isReverse() ? number(1) : NOTHING;
        byte[][] names = names(keys.topic(topic));
        return run(
                HistoryScript.READ,
                names,
                session -> new byte[][] {
                    session.serverIdentity(names[0]),
                    epochs.next(),
                    metadataMillis,
                    tableEntry(topic),
                    epoch,
                    offset,
                    limit,
                    reverse
                },
                (session, reply) -> page(topic, query, reply));
    }

    private HistoryResult page(String topic, HistoryQuery query, List<Object> reply) {
        StreamPosition top = new StreamPosition(
                new String((byte[]) reply.get(0), StandardCharsets.ISO_8859_1), parseLong((byte[]) reply.get(1)));
        Optional<UnknownPosition> unknown = UnknownPosition.check(query, top);
        if (unknown.isPresent()) {
            return unknown.get();
        }
        long oldest = Math.max(1, top.offset() - (Long) reply.get(2) + 1);
        try {
            List<Publication> publications = publications(topic, query, top, oldest, (List<?>) reply.get(3));
            return HistoryPage.of(query, top, oldest, publications);
        } catch (IllegalArgumentException e) {
            // The history counts as lost. Subscribers load their state again.
            failures.report("a stream in Redis has entries that no node has written", e);
            return HistoryPage.of(query, top, top.offset() + 1, List.of());
        }
    }

    /** Decodes the entries of a stream. Requires exactly those that answer the query. */
    private static List<Publication> publications(
            String topic, HistoryQuery query, StreamPosition top, long oldest, List<?> entries) {
        long first = query.firstOffset(top.offset());
        long next = query.isReverse() ? first : Math.max(first, oldest);
        long available = query.isReverse() ? next - oldest + 1 : top.offset() - next + 1;
        if (entries.size() != Math.min(query.limit(), Math.max(0, available))) {
            throw new IllegalArgumentException("a stream has gaps");
        }
        List<Publication> publications = new ArrayList<>(entries.size());
        for (Object each : entries) {
            List<?> entry = (List<?>) each;
            String id = new String((byte[]) entry.get(0), StandardCharsets.ISO_8859_1);
            if (!id.equals(next + "-0")) {
                throw new IllegalArgumentException("a stream has gaps");
            }
            byte[] publication = (byte[]) ((List<?>) entry.get(1)).get(1);
            publications.add(PublicationCodec.decode(topic, ByteBuffer.wrap(publication))
                    .at(new StreamPosition(top.epoch(), next)));
            next += query.isReverse() ? -1 : 1;
        }
        return publications;
    }

    @Override
    public CompletionStage<StreamPosition> top(String topic) {
        return read(topic, HistoryQuery.top()).thenApply(HistoryResult::top);
    }

    @Override
    public CompletionStage<Void> remove(String topic) {
        Objects.requireNonNull(topic, "topic");
        byte[] stream = keys.topic(topic).stream();
        return backplane.ask(session -> session.delete(stream).thenApply(removed -> null));
    }

    private <T> CompletionStage<T> run(
            HistoryScript script,
            byte[][] names,
            Function<RedisSession, byte[][]> args,
            BiFunction<RedisSession, List<Object>, T> translation) {
        return backplane.ask(
                session -> session.<List<Object>>run(script, ScriptOutputType.MULTI, names, args.apply(session))
                        .thenApply(reply -> translation.apply(session, reply)));
    }

    private static byte[][] names(TopicKeys topic) {
        return new byte[][] {topic.metadata(), topic.stream(), topic.epochs()};
    }

    private static byte[] tableEntry(String topic) {
        int hash = topic.hashCode();
        return number((hash ^ hash >>> 16) & EPOCHS_PER_SLOT - 1);
    }

    private static byte[] number(long number) {
        return RedisKeys.utf8(Long.toString(number));
    }

    private static byte[] millis(Duration time) {
        return number(Math.max(1, time.toMillis()));
    }

    private static long parseLong(byte[] digits) {
        return Long.parseLong(new String(digits, StandardCharsets.ISO_8859_1));
    }

    @Override
    public void close() {
        // The backplane closes the store.
    }
}
