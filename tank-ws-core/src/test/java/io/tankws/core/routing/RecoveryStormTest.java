package io.tankws.core.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.CloseStatus;
import io.tankws.Frame;
import io.tankws.HistoryQuery;
import io.tankws.Payload;
import io.tankws.Publication;
import io.tankws.PublishOptions;
import io.tankws.Recovery;
import io.tankws.StreamPosition;
import io.tankws.TopicOptions;
import io.tankws.core.manager.ManagerContext;
import io.tankws.core.session.ClientSession;
import io.tankws.core.support.FakeConnection;
import io.tankws.core.support.ManagerContexts;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Thousands of clients, one after the other, that reconnect and recover while two threads publish. */
class RecoveryStormTest {
    private static final int ROUNDS = 3000;
    /** Maximum number of publications of one thread in each round. The outbox of a client has room for all of them. */
    private static final int PUBLICATIONS_PER_ROUND = 20;

    private static final long WAIT_NANOS = 10_000;

    private static final TopicOptions OPTIONS =
            TopicOptions.builder().historySize(1_000_000).recoverable().build();

    private final ManagerContext context = ManagerContexts.newContext(topic -> OPTIONS);
    private volatile int round;
    private volatile boolean ended;

    /** A connection that breaks at an arbitrary time. It keeps the texts that the client has received by then. */
    private static final class BreakingConnection extends FakeConnection {
        private final List<String> received = new ArrayList<>();
        private boolean broken;

        @Override
        public synchronized boolean write(List<Frame> frames, WriteCallback callback) {
            if (!broken) {
                frames.forEach(frame -> received.add(
                        StandardCharsets.UTF_8.decode(frame.payload()).toString()));
            }
            return true;
        }

        synchronized List<String> breakOff() {
            broken = true;
            return received;
        }

        synchronized int received() {
            return received.size();
        }
    }

    private static <T> T join(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    private StreamPosition publish(String text) {
        Publication publication = Publication.builder("t", Payload.text(text)).build();
        return join(context.distributor().publish(publication, PublishOptions.defaults()));
    }

    private void storm(String name) {
        int seen = 0;
        int count = 0;
        while (!ended) {
            if (seen != round) {
                seen = round;
                count = 0;
            }
            if (count < PUBLICATIONS_PER_ROUND) {
                publish(name + seen + "." + count++);
            } else {
                LockSupport.parkNanos(WAIT_NANOS);
            }
        }
    }

    @Test
    void eachClientGetsExactlyWhatItMissed() throws InterruptedException {
        StreamPosition first = publish("first");
        long last = first.offset();
        List<List<String>> received = new ArrayList<>();
        Thread one = new Thread(() -> storm("a"));
        Thread other = new Thread(() -> storm("b"));
        one.start();
        other.start();
        try {
            for (int next = 1; next <= ROUNDS; next++) {
                round = next;
                publish("missed " + next);
                List<String> texts = reconnect(new StreamPosition(first.epoch(), last));
                last += texts.size();
                received.add(texts);
            }
        } finally {
            ended = true;
            one.join();
            other.join();
        }
        assertEquals(
                published(first, last), received.stream().flatMap(List::stream).toList());
    }

    /** Returns the texts that a client receives until its connection breaks. */
    private List<String> reconnect(StreamPosition last) {
        BreakingConnection connection = new BreakingConnection();
        ClientSession session = ManagerContexts.open(context, "c", connection);
        Recovery recovery = join(session.subscribe("t", last));
        assertTrue(recovery.isComplete(), recovery::toString);
        assertEquals(recovery.position().offset() - last.offset(), recovery.publications());
        assertTrue(recovery.publications() > 0, recovery::toString);
        if (round % 2 == 0) {
            publish("live " + round);
            // Another thread may write it.
            while (connection.received() <= recovery.publications()) {
                LockSupport.parkNanos(WAIT_NANOS);
            }
        }
        List<String> texts = connection.breakOff();
        session.closed(CloseStatus.ABNORMAL);
        return texts;
    }

    private List<String> published(StreamPosition after, long last) {
        List<String> texts = new ArrayList<>();
        for (long offset = after.offset(); offset < last; ) {
            HistoryQuery query = HistoryQuery.builder()
                    .since(new StreamPosition(after.epoch(), offset))
                    .build();
            for (Publication publication :
                    context.history().read("t", query).page().publications()) {
                if (offset < last) {
                    texts.add("{\"topic\":\"t\",\"data\":\""
                            + publication.payload().asText() + "\"}");
                    offset++;
                }
            }
        }
        return texts;
    }
}
