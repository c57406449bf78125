package io.tankws.core.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.Message;
import io.tankws.OverflowPolicy;
import io.tankws.StreamPosition;
import io.tankws.spi.support.RunningTime;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.stream.LongStream;

/** One outbox, the histories of its topics, and the pages that are on their way to it. */
final class CatchUpModel {
    static final int TOPICS = 2;
    private static final int OUTBOX_MESSAGES = 16;

    private final OutboxFixture fixture = new OutboxFixture(
            OverflowPolicy.CATCH_UP,
            limits -> limits.outboxMessages(OUTBOX_MESSAGES).catchUpTime(Duration.ofDays(1)));
    private final Outbox outbox = fixture.outbox;
    private final long[] appended = new long[TOPICS];
    private final long[] delivered = new long[TOPICS];
    private final Queue<RecoveredPage> pages = new ArrayDeque<>();

    CatchUpModel() {
        fixture.connection.takesAtOnce = false;
    }

    void run(CatchUpCommand command) {
        for (int i = 0; i < command.argument(); i++) {
            step(command.action(), command.topic());
        }
        assertConserved();
        assertTrue(outbox.queuedMessages() <= OUTBOX_MESSAGES);
    }

    private void step(CatchUpCommand.Action action, int topic) {
        switch (action) {
            case PUBLISH -> {
                appended[topic]++;
                deliver(topic);
            }
            case APPEND -> appended[topic]++;
            case DELIVER -> deliver(topic);
            case PUBLISH_WITHOUT_POSITION -> {
                if (hasRoom()) {
                    publish(MessageBatch.of(Message.text(name(topic), ByteBuffer.wrap(new byte[] {'u'}))));
                }
            }
            case SEND -> {
                if (hasRoom()) {
                    fixture.send(Message.text("direct"));
                }
            }
            case TAKE -> take();
            case ASK -> ask();
            case ANSWER -> answer();
            case FAIL -> outbox.postponeRecovery();
        }
    }

    /** Returns whether a further message without a history does not close the client. */
    private boolean hasRoom() {
        return outbox.queuedMessages() < OUTBOX_MESSAGES / 2;
    }

    private static String name(int topic) {
        return "abc".substring(topic, topic + 1);
    }

    private void deliver(int topic) {
        while (delivered[topic] < appended[topic]) {
            publish(FixedEntry.publication(name(topic), ++delivered[topic]));
        }
    }

    private void publish(MessageBatch batch) {
        fixture.counters.offered.add(batch.size());
        outbox.continueWrite(batch, outbox.tryStartWrite(batch, RunningTime.nanoTime()));
    }

    private void take() {
        if (fixture.connection.isWriting()) {
            fixture.connection.take(null);
        }
    }

    private void ask() {
        HistoryRequest request = pages.size() < 3 ? outbox.nextPage() : null;
        if (request != null) {
            long top = appended["abc".indexOf(request.topic())];
            long first = request.since().offset() + 1;
            RecoveredPage page = new RecoveredPage(request);
            long last = Math.min(top, first + request.publications() - 1);
            LongStream.rangeClosed(first, last)
                    .forEach(offset ->
                            page.add(new StreamPosition("e", offset), Message.text(request.topic() + offset)));
            if (last == top) {
                page.reachTop();
            }
            pages.add(page);
        }
    }

    private void answer() {
        RecoveredPage page = pages.poll();
        if (page != null) {
            outbox.recover(page);
            outbox.flush();
        }
    }

    private boolean isOffset(String text) {
        return text.length() > 1 && Character.isDigit(text.charAt(1));
    }

    /** Lets the client read everything, and checks that it has missed nothing. */
    void catchUp() {
        for (int topic = 0; topic < TOPICS; topic++) {
            deliver(topic);
        }
        outbox.check(RunningTime.nanoTime() + Duration.ofSeconds(2).toNanos());
        ask();
        for (int i = 0; i < 2000 && (fixture.connection.isWriting() || !pages.isEmpty()); i++) {
            take();
            answer();
            ask();
        }
        assertTrue(outbox.isOpen());
        for (int topic = 0; topic < TOPICS; topic++) {
            assertEquals(
                    LongStream.rangeClosed(1, appended[topic])
                            .mapToObj(Long::toString)
                            .toList(),
                    received(topic));
        }
        assertConserved();
    }

    private List<String> received(int topic) {
        return fixture.connection.written().stream()
                .filter(text -> isOffset(text) && text.startsWith(name(topic)))
                .map(text -> text.substring(1))
                .toList();
    }

    private void assertConserved() {
        long dropped = fixture.counters.drops().values().stream()
                .mapToLong(Long::longValue)
                .sum();
        assertEquals(
                fixture.counters.offered.sum() + fixture.counters.recovered.sum(),
                fixture.counters.sent.sum() + outbox.queuedMessages() + dropped);
    }
}
