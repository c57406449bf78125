package io.tankws.core.outbox;

import io.tankws.ClientLimits;
import io.tankws.Frame;
import io.tankws.Message;
import io.tankws.OverflowPolicy;
import io.tankws.StreamPosition;
import io.tankws.core.event.Counters;
import io.tankws.core.flow.FlowControl;
import io.tankws.core.support.ModelChecking;
import io.tankws.spi.support.RunningTime;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * However publications, ends of writes and pages of the history meet: a client that falls behind and returns to live
 * delivery receives each publication once and in order.
 */
@Tag("interleavings")
public class CatchUpRaceTest {
    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void theReturnToLiveDeliveryMissesAndRepeatsNothing(int threads) {
        ModelChecking.check(Model.class, threads, 4);
    }

    /** One client of one topic. Hardly anything fits into its outbox, so that it falls behind at once. */
    public static class Model {
        private static final FlowControl FLOW = new FlowControl(ClientLimits.defaults(), true, Thread::new);
        private static final OutboxListener LISTENER = new OutboxFixture(OverflowPolicy.CATCH_UP, limits -> {});

        private final Outbox outbox;
        private final OutboxRaceTest.Wire wire = new OutboxRaceTest.Wire();
        private final Counters counters = new Counters();
        /** Lets the checker see this class at the start, because the outbox creates it in a map. */
        final BehindTopic seen = new BehindTopic("", StreamPosition.NONE);
        /** Stands for the lock of the topic. */
        private final Object topic = new Object();
        /** Offset of the newest publication in the history. */
        private long top;

        public Model() {
            ClientLimits limits = ClientLimits.builder().outboxMessages(1).build();
            outbox = new Outbox(1, LISTENER, wire, limits, new OutboxContext(OverflowPolicy.CATCH_UP, counters, FLOW));
        }

        @Operation
        public void publish() {
            synchronized (topic) {
                counters.offered.increment();
                outbox.enqueue(FixedEntry.publication("a", ++top), RunningTime.nanoTime());
            }
            outbox.flush();
        }

        @Operation
        public void written() {
            wire.end(null);
        }

        @Operation
        public void readPage() {
            HistoryRequest request = outbox.nextPage();
            if (request != null) {
                outbox.recover(read(request));
                outbox.flush();
            }
        }

        private RecoveredPage read(HistoryRequest request) {
            long newest;
            synchronized (topic) {
                newest = top;
            }
            RecoveredPage page = new RecoveredPage(request);
            long next = request.since().offset() + 1;
            if (next <= newest) {
                page.add(new StreamPosition("e", next), Message.text("a" + next));
            }
            if (next >= newest) {
                page.reachTop();
            }
            return page;
        }

        @Validate
        public void everythingIsReceivedInOrder() {
            boolean more = true;
            while (more) {
                readPage();
                more = wire.end(null);
            }
            // The checker transforms each class that takes part, so loops are much faster here than streams.
            List<String> received = new ArrayList<>();
            for (Frame frame : wire.written) {
                received.add(StandardCharsets.UTF_8.decode(frame.payload()).toString());
            }
            List<String> published = new ArrayList<>();
            for (long offset = 1; offset <= top; offset++) {
                published.add("a" + offset);
            }
            if (!received.equals(published)) {
                throw new IllegalStateException(received + " instead of " + published);
            }
            long ended = counters.sent.sum();
            for (long dropped : counters.drops().values()) {
                ended += dropped;
            }
            if (counters.offered.sum() + counters.recovered.sum() != ended) {
                throw new IllegalStateException("messages are not counted exactly");
            }
        }
    }
}
