package io.tankws.core.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tankws.BinaryRelay;
import io.tankws.ClientLimits;
import io.tankws.ClusterConfig;
import io.tankws.ManagerLimits;
import io.tankws.Message;
import io.tankws.OverflowPolicy;
import io.tankws.PresenceEvent;
import io.tankws.PresenceMember;
import io.tankws.Publication;
import io.tankws.TopicOptions;
import io.tankws.Upgrader;
import io.tankws.UserLimitPolicy;
import io.tankws.core.config.ClusterSpec;
import io.tankws.core.config.ManagerConfig;
import io.tankws.core.manager.ManagerContext;
import io.tankws.core.presence.Arrival;
import io.tankws.core.presence.PresenceObserver;
import io.tankws.core.routing.TopicSubscription;
import io.tankws.core.session.ClientSession;
import io.tankws.core.support.FakeConnection;
import io.tankws.core.support.ManagerContexts;
import io.tankws.spi.Backplane;
import io.tankws.spi.BackplaneListener;
import io.tankws.spi.ProtocolEncoding;
import io.tankws.spi.SharedHistoryStore;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The joins and leaves of all nodes, as a subscriber of one node receives them between the publications. */
class PresenceOrderTest {
    private static final long OTHER = 77;
    private static final TopicOptions OPTIONS =
            TopicOptions.builder().presence().joinLeave().build();

    /** Messages that the node has published to the channel of the topic. */
    private final List<byte[]> published = new ArrayList<>();

    private BackplaneListener backplane;
    private final ManagerContext context = new ManagerContext(new ManagerConfig(
            "test",
            ManagerLimits.defaults(),
            ClientLimits.defaults(),
            OverflowPolicy.DISCONNECT,
            UserLimitPolicy.REFUSE,
            null,
            BinaryRelay.AS_TEXT,
            Upgrader.defaults(),
            null,
            null,
            topic -> OPTIONS,
            false,
            "",
            "",
            new ClusterSpec(ClusterConfig.of("test", "test:x"), new TestBackplane(backplane()))));

    private Backplane backplane() {
        return (Backplane) Proxy.newProxyInstance(
                Backplane.class.getClassLoader(), new Class<?>[] {Backplane.class}, (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "start" -> {
                            backplane = (BackplaneListener) arguments[0];
                            backplane.onConnected(BackplaneListener.Continuity.SAME_SERVER);
                        }
                        case "subscribe" -> ((Runnable) arguments[1]).run();
                        case "publish" -> {
                            if (arguments[0].equals("t:room")) {
                                published.add((byte[]) arguments[1]);
                            }
                        }
                        case "history" -> {
                            return Optional.of(Proxy.newProxyInstance(
                                    SharedHistoryStore.class.getClassLoader(),
                                    new Class<?>[] {SharedHistoryStore.class},
                                    (store, call, values) -> {
                                        throw new AssertionError("no topic has a history");
                                    }));
                        }
                        default -> {
                            // This backplane has no state.
                        }
                    }
                    return method.getReturnType() == void.class ? null : CompletableFuture.completedStage(null);
                });
    }

    @AfterEach
    void stop() {
        context.terminate(Duration.ZERO);
    }

    /** An encoding that knows joins and leaves. */
    private static final class Texts implements ProtocolEncoding {
        @Override
        public Optional<Message> encode(Publication publication) {
            return Optional.empty();
        }

        @Override
        public Optional<Message> encode(Message message) {
            return Optional.of(message);
        }

        @Override
        public Optional<Message> encode(PresenceEvent event) {
            String sign = event instanceof PresenceEvent.Joined ? "+" : "-";
            return Optional.of(Message.text(sign + event.member().userId()));
        }
    }

    private static PresenceMember member(String user) {
        return new PresenceMember(user, user, user, Optional.empty(), Optional.empty(), ClusterNode.name(OTHER));
    }

    private TopicSubscription observe(ClientSession session) {
        PresenceMember member = new PresenceMember(
                session.id(), session.id(), session.userId(), Optional.empty(), Optional.empty(), "");
        PresenceObserver observer = new PresenceObserver(new Texts(), session.outbox);
        Arrival arrival = new Arrival(context.presence(), session.number(), member, OPTIONS, observer);
        TopicSubscription subscription = context.topics.add(session, "room", context.protocol, null, arrival);
        arrival.run();
        return subscription;
    }

    private void arrive(byte[] message, long offset) {
        NodeMessage.number(message, 1, offset);
        backplane.onMessage("t:room", message);
    }

    private static byte[] text(String text) {
        return NodeMessage.messages(OTHER, 0, List.of(Message.text(text)));
    }

    @Test
    void eventsOfAllNodesAreInOrderWithPublications() {
        context.cluster.start();
        FakeConnection connection = new FakeConnection();
        ClientSession ann = ManagerContexts.open(context, "ann", connection);
        TopicSubscription subscription = observe(ann);
        assertEquals(List.of(), connection.written(), "the join has not returned");
        // All of it arrives in one read.
        arrive(text("1"), 1);
        backplane.onMessage("t:room", published.get(0));
        arrive(text("2"), 2);
        arrive(PresenceCodec.event(OTHER, 1, new PresenceEvent.Joined("room", member("bob"), Instant.EPOCH)), 3);
        arrive(text("3"), 4);
        arrive(PresenceCodec.event(OTHER, 2, new PresenceEvent.Left("room", member("bob"), Instant.EPOCH)), 5);
        arrive(text("4"), 6);
        backplane.onReadComplete();
        assertEquals(List.of("1", "+ann", "2", "+bob", "3", "-bob", "4"), connection.written());
        context.topics.remove(subscription).ifPresent(Runnable::run);
        assertEquals(2, published.size());
    }
}
