package io.tankws.core.routing;

import io.tankws.CloseStatus;
import io.tankws.Message;
import io.tankws.core.event.Counters;
import io.tankws.core.manager.ManagerContext;
import io.tankws.core.outbox.MessageBatch;
import io.tankws.core.outbox.Outbox;
import io.tankws.core.protocol.PlainProtocol;
import io.tankws.core.session.ClientSession;
import io.tankws.core.support.FakeConnection;
import io.tankws.core.support.ManagerContexts;
import io.tankws.core.support.ModelChecking;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever threads do at once with a topic and its subscribers looks as if they had done it one after the other. */
@Tag("interleavings")
class TopicRaceTest {
    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void theIndexIsLinearizable(int threads) {
        ModelChecking.check(Index.class, threads, 6);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void subscriptionsOfSessionsAreLinearizable(int threads) {
        ModelChecking.check(Sessions.class, threads, 3);
    }

    /** The index alone, so that more interleavings are tried in the same time. */
    @Param(name = "who", gen = IntGen.class, conf = "0:1")
    public static class Index {
        private final TopicIndex topics = new TopicIndex(new Counters(), new PlainProtocol());
        /** Lets the checker see this class at the start: it is made out of its sight, in a map. */
        final Topic seen = new Topic("", new Counters(), new PlainProtocol());

        private final Slot[] slots = {new Slot(), new Slot()};

        /** Stands for a session and its lock. */
        private static final class Slot {
            TopicSubscription subscription;
        }

        @Operation
        public boolean subscribe(@Param(name = "who") int who) {
            Slot slot = slots[who];
            synchronized (slot) {
                if (slot.subscription != null) {
                    return false;
                }
                slot.subscription = topics.add(null, "t");
                return true;
            }
        }

        @Operation
        public boolean unsubscribe(@Param(name = "who") int who) {
            Slot slot = slots[who];
            synchronized (slot) {
                if (slot.subscription == null) {
                    return false;
                }
                topics.remove(slot.subscription);
                slot.subscription = null;
                return true;
            }
        }

        /** A topic without a subscriber has no name. */
        @Operation
        public int names() {
            return topics.names().size();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void allSubscribersSeeOneOrder(int threads) {
        ModelChecking.check(Order.class, threads, 2);
    }

    /** Two clients and one topic: over several, no operation of the index claims to be atomic. */
    @Param(name = "client", gen = IntGen.class, conf = "0:1")
    public static class Sessions {
        private static final MessageBatch BATCH = MessageBatch.of(Message.text("m"));

        final Topic seen = new Topic("", new Counters(), new PlainProtocol());
        private final ManagerContext context = ManagerContexts.newContext();
        private final ClientSession[] clients = new ClientSession[2];

        public Sessions() {
            for (int i = 0; i < clients.length; i++) {
                clients[i] = ManagerContexts.open(context, "" + i, new FakeConnection());
            }
        }

        @Operation
        public boolean subscribe(@Param(name = "client") int client) {
            return clients[client].subscribe("t").isPresent();
        }

        @Operation
        public boolean unsubscribe(@Param(name = "client") int client) {
            return clients[client].unsubscribe("t");
        }

        @Operation
        public void disconnect(@Param(name = "client") int client) {
            clients[client].closed(CloseStatus.NORMAL);
        }

        /** Returns the clients that were reached, one bit for each. */
        @Operation
        public int publish() {
            Topic topic = context.topics.find("t");
            int reached = 0;
            if (topic != null) {
                topic.lock.lock();
                try {
                    for (Outbox outbox : topic.snapshot()) {
                        reached |= outbox == clients[0].outbox ? 1 : 2;
                    }
                    topic.offer(BATCH, null);
                } finally {
                    topic.lock.unlock();
                }
            }
            return reached;
        }
    }

    /** Several publishers. Some write at once and some queue, and the messages of all of them arrive. */
    public static class Order {
        private final ManagerContext context = ManagerContexts.newContext();
        private final FakeConnection[] readers = {new FakeConnection(), new FakeConnection()};
        private final AtomicInteger sent = new AtomicInteger();
        final Topic topic;

        public Order() {
            for (int i = 0; i < readers.length; i++) {
                ManagerContexts.open(context, "" + i, readers[i]).subscribe("t");
            }
            topic = context.topics.find("t");
        }

        private MessageBatch next() {
            return MessageBatch.of(Message.text("" + sent.incrementAndGet()));
        }

        @Operation
        public void send() {
            topic.send(next(), null);
        }

        @Operation
        public void offer() {
            topic.offer(next(), null);
            topic.flush();
        }

        @Validate
        public void sameOrder() {
            List<String> first = readers[0].written();
            if (!first.equals(readers[1].written()) || first.size() != sent.get()) {
                throw new IllegalStateException(first + " and " + readers[1].written());
            }
        }
    }
}
