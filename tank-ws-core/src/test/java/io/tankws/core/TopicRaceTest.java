package io.tankws.core;

import io.tankws.CloseStatus;
import io.tankws.Message;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever threads do at once with a topic and its subscribers looks as if they had done it one after the other. */
@Tag("interleavings")
class TopicRaceTest {
    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void subscriptionsAreLinearizable(int threads) {
        ModelChecking.check(Model.class, threads);
    }

    /** Three clients and one topic: over several, no operation of the index claims to be atomic. */
    @Param(name = "client", gen = IntGen.class, conf = "0:2")
    public static class Model {
        private static final Message MESSAGE = Message.text("m");

        private final Engine engine = Engines.engine();
        private final ClientSession[] clients = new ClientSession[3];

        public Model() {
            for (int i = 0; i < clients.length; i++) {
                clients[i] = Engines.open(engine, "" + i, new FakeConnection());
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

        /** Tells who was reached, a bit for each. */
        @Operation
        public int publish() {
            Topic topic = engine.topics.find("t");
            int reached = 0;
            if (topic != null) {
                for (TopicSubscription subscription : topic.offer(MESSAGE)) {
                    reached |= 1 << subscription.session.userId().charAt(0) - '0';
                }
            }
            return reached;
        }

        @Operation
        public int size() {
            return engine.topics.sizes().getOrDefault("t", 0);
        }

        /** A topic without a subscriber has no name. */
        @Operation
        public int names() {
            return engine.topics.names().size();
        }
    }
}
