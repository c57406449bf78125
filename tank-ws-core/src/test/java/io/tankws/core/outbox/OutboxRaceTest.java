package io.tankws.core.outbox;

import io.tankws.ClientLimits;
import io.tankws.CloseStatus;
import io.tankws.Frame;
import io.tankws.Message;
import io.tankws.OverflowPolicy;
import io.tankws.core.event.Counters;
import io.tankws.core.flow.FlowControl;
import io.tankws.core.session.ClientSession;
import io.tankws.core.support.ManagerContexts;
import io.tankws.core.support.ModelChecking;
import io.tankws.spi.Connection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * However offers, ends of writes and closes meet: one write at a time, nothing lost, doubled, overtaken or left behind.
 */
@Tag("interleavings")
public class OutboxRaceTest {
    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void onlyOneThreadDrains(int threads) {
        ModelChecking.check(Roomy.class, threads, 40);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void onlyOneThreadDrainsAndDropsTheOldest(int threads) {
        ModelChecking.check(Narrow.class, threads, 5);
    }

    /** Nothing is dropped and nothing ends: few operations, so that more of their interleavings are tried. */
    public static class Roomy extends Model {
        public Roomy() {
            super(OverflowPolicy.DISCONNECT, 100);
        }
    }

    /** Hardly anything fits, and the connection ends in every way. */
    public static class Narrow extends Model {
        public Narrow() {
            super(OverflowPolicy.DROP_OLDEST, 2);
        }

        @Operation
        public void failed() {
            cut = true;
            wire.end(new IOException("planned"));
        }

        @Operation
        public void close() {
            if (outbox.close(CloseStatus.NORMAL)) {
                closing = true;
                outbox.flush();
            }
        }

        @Operation
        public void gone() {
            cut = true;
            outbox.closed();
        }
    }

    /**
     * The results of the operations do not depend on the races, so any result is right. The law is checked at the end,
     * when no operation runs.
     */
    public abstract static class Model {
        /** Created once, because a manager is far larger than the checked parts. */
        private static final ClientSession SESSION = ManagerContexts.session(ManagerContexts.newContext(), "u");

        private static final FlowControl FLOW = new FlowControl(ClientLimits.defaults(), true, Thread::new);

        private final Counters counters = new Counters();
        final Outbox outbox;
        final Wire wire = new Wire();
        private final AtomicInteger numbers = new AtomicInteger();
        volatile boolean cut;
        volatile boolean closing;

        Model(OverflowPolicy policy, int messages) {
            ClientLimits limits =
                    ClientLimits.builder().outboxMessages(messages).build();
            outbox = new Outbox(SESSION.number(), SESSION, wire, limits, new OutboxContext(policy, counters, FLOW));
        }

        @Operation
        public void send(@Param(gen = ThreadIdGen.class) int thread) {
            // At most nine numbers a run, so that their order is the texts' order.
            outbox.offer(Message.text(thread + "-" + numbers.incrementAndGet()));
            outbox.flush();
        }

        @Operation
        public void written() {
            wire.end(null);
        }

        /** No flush here: whatever is left behind must be found. */
        @Validate
        public void nothingIsLost() {
            while (wire.end(null)) {
                // The end of one write begins the next.
            }
            Law.check(counters, wire, closing, cut);
        }
    }

    /** The law that holds when no operation runs. A separate class, because the checker traces each step of a model. */
    public static final class Law {
        private Law() {}

        static void check(Counters counters, Wire wire, boolean closing, boolean cut) {
            require(!wire.broken, "two writes at once");
            long offered = counters.offered.sum();
            long sent = counters.sent.sum();
            long dropped = counters.drops().values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            long ended = sent + dropped + counters.undelivered.sum();
            require(offered == ended, offered + " offered, " + ended + " sent, dropped or undelivered");
            List<String> texts = wire.written.stream()
                    .map(frame -> StandardCharsets.UTF_8.decode(frame.payload()).toString())
                    .toList();
            require(Set.copyOf(texts).size() == texts.size(), "doubled: " + texts);
            require(texts.size() >= sent, sent + " sent, written " + texts);
            int closes = wire.closes.size();
            require(closes == (closing ? 1 : 0) || cut && closes <= 1, closes + " closes");
            for (char thread = '0'; thread <= '9'; thread++) {
                char own = thread;
                List<String> ofOne =
                        texts.stream().filter(text -> text.charAt(0) == own).toList();
                require(ofOne.equals(ofOne.stream().sorted().toList()), "overtaken: " + ofOne);
            }
        }

        private static void require(boolean holds, String otherwise) {
            if (!holds) {
                throw new IllegalStateException(otherwise);
            }
        }
    }

    /** A connection that ends a write when the test does, on any thread. */
    static final class Wire implements Connection {
        final List<Frame> written = new ArrayList<>();
        final List<CloseStatus> closes = new ArrayList<>();
        private final AtomicReference<WriteCallback> inFlight = new AtomicReference<>();
        volatile boolean broken;

        @Override
        public boolean write(List<Frame> frames, WriteCallback callback) {
            if (inFlight.get() != null) {
                broken = true;
            }
            written.addAll(frames);
            inFlight.set(callback);
            return false;
        }

        boolean end(Throwable failure) {
            WriteCallback callback = inFlight.getAndSet(null);
            if (callback != null) {
                callback.onWritten(failure);
            }
            return callback != null;
        }

        @Override
        public void close(CloseStatus status) {
            closes.add(status);
        }

        @Override
        public void abort() {}

        @Override
        public void pauseReading() {}

        @Override
        public void resumeReading() {}
    }
}
