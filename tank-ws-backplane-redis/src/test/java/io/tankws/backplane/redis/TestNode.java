package io.tankws.backplane.redis;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tankws.BackplaneException;
import io.tankws.HistoryPage;
import io.tankws.HistoryQuery;
import io.tankws.Payload;
import io.tankws.Publication;
import io.tankws.PublishOptions;
import io.tankws.StreamPosition;
import io.tankws.TopicOptions;
import io.tankws.spi.AppendResult;
import io.tankws.spi.Backplane;
import io.tankws.spi.BackplaneConfig;
import io.tankws.spi.BackplaneListener;
import io.tankws.spi.SharedHistoryStore;
import io.tankws.testkit.Await;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A backplane with a record of its listener calls, as text. */
class TestNode implements BackplaneListener, AutoCloseable {
    private static final AtomicInteger IDS = new AtomicInteger();

    final String id = "n" + IDS.incrementAndGet();
    final Backplane backplane;
    final List<String> calls = new CopyOnWriteArrayList<>();
    final List<String> messages = Collections.synchronizedList(new ArrayList<>());
    /** Causes of all failures. */
    final List<Throwable> causes = new CopyOnWriteArrayList<>();

    volatile Duration since;
    volatile Continuity continuity;
    private final AtomicInteger reads = new AtomicInteger();

    TestNode(String cluster, String uri) {
        backplane = new RedisBackplaneProvider().create(new BackplaneConfig(cluster, uri, id, "test-" + id));
        backplane.start(this);
    }

    /** Starts a backplane. */
    TestNode(Backplane backplane) {
        this.backplane = backplane;
        backplane.start(this);
    }

    static TestNode up(String cluster, String uri) {
        TestNode node = new TestNode(cluster, uri);
        node.awaitCall("up");
        return node;
    }

    @Override
    public void onMessage(String channel, byte[] message) {
        messages.add(channel + "=" + new String(message, StandardCharsets.UTF_8));
    }

    @Override
    public void onPublication(String channel, Publication publication, byte[] envelope) {
        messages.add(channel + "=" + publication.payload().asText() + "@" + publication.offset());
    }

    @Override
    public void onReadComplete() {
        reads.incrementAndGet();
    }

    @Override
    public void onConnected(Continuity continuity) {
        this.continuity = continuity;
        calls.add("up");
    }

    @Override
    public void onDisconnected(Throwable cause, Duration since) {
        causes.add(cause);
        this.since = since;
        calls.add("down");
    }

    @Override
    public void onReconnectFailed(Throwable cause) {
        causes.add(cause);
    }

    int reads() {
        return reads.get();
    }

    /** Subscribes without waiting for the acknowledgement. */
    void want(String channel) {
        backplane.subscribe(channel, () -> calls.add("+" + channel));
    }

    void subscribe(String... channels) {
        for (String channel : channels) {
            want(channel);
            awaitCall("+" + channel);
        }
    }

    CompletionStage<Void> publish(String channel, String message) {
        return backplane.publish(channel, message.getBytes(StandardCharsets.UTF_8));
    }

    SharedHistoryStore history() {
        return backplane.history().orElseThrow();
    }

    /** Appends to the history of a topic and publishes on its channel. */
    StreamPosition append(String topic, String text, TopicOptions options) {
        return join(appendLater(topic, text, options)).position();
    }

    CompletionStage<AppendResult> appendLater(String topic, String text, TopicOptions options) {
        Publication publication = Publication.builder(topic, Payload.text(text)).build();
        return history().append(publication, options, PublishOptions.defaults(), "t:" + topic, new byte[0]);
    }

    StreamPosition top(String topic) {
        return join(history().top(topic));
    }

    HistoryPage read(String topic) {
        return join(history().read(topic, HistoryQuery.builder().build())).page();
    }

    /** Returns the kept publications of a topic as text. */
    List<String> kept(String topic) {
        return read(topic).publications().stream()
                .map(publication -> publication.payload().asText() + "@" + publication.offset())
                .toList();
    }

    void awaitCall(String call) {
        awaitCall(call, 1);
    }

    void awaitCall(String call, int times) {
        Await.until(
                id + " records the call " + call + " " + times + " times, not " + calls, () -> count(call) >= times);
    }

    /**
     * Awaits a failure whose message has a text. An attempt before it may fail for another reason, such as the timeout
     * of the login on a slow machine.
     */
    void awaitCause(String text) {
        Await.until(
                id + " fails with " + text,
                () -> causes.stream().anyMatch(cause -> cause.getMessage().contains(text)),
                causes::toString);
    }

    long count(String call) {
        return calls.stream().filter(call::equals).count();
    }

    void awaitMessage(String message) {
        Await.until(id + " hears " + message, () -> messages.contains(message));
    }

    static <T> T join(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    static BackplaneException failure(CompletionStage<?> stage) {
        CompletionException thrown = assertThrows(
                CompletionException.class, () -> stage.toCompletableFuture().join());
        return (BackplaneException) thrown.getCause();
    }

    @Override
    public void close() {
        backplane.close(Duration.ofSeconds(2));
    }
}
