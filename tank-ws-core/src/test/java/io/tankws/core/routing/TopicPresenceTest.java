package io.tankws.core.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.CloseStatus;
import io.tankws.Frame;
import io.tankws.Message;
import io.tankws.Payload;
import io.tankws.PresenceEvent;
import io.tankws.PresenceMember;
import io.tankws.Publication;
import io.tankws.PublishOptions;
import io.tankws.TopicOptions;
import io.tankws.core.event.Counters;
import io.tankws.core.manager.ManagerContext;
import io.tankws.core.outbox.MessageBatch;
import io.tankws.core.presence.Arrival;
import io.tankws.core.presence.PendingLeave;
import io.tankws.core.presence.PendingLeaves;
import io.tankws.core.presence.PresenceContext;
import io.tankws.core.presence.PresenceObserver;
import io.tankws.core.presence.PresenceReports;
import io.tankws.core.protocol.PlainProtocol;
import io.tankws.core.session.ClientSession;
import io.tankws.core.support.FakeConnection;
import io.tankws.core.support.ManagerContexts;
import io.tankws.spi.ProtocolEncoding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The members of a topic between its subscriptions and its publications. */
class TopicPresenceTest {
    private static final PlainProtocol PROTOCOL = new PlainProtocol();
    private static final TopicOptions OPTIONS =
            TopicOptions.builder().presence().joinLeave().build();
    private static final TopicOptions GRACE = TopicOptions.builder()
            .presence()
            .joinLeave()
            .leaveGrace(Duration.ofSeconds(5))
            .build();

    private final ManagerContext context = ManagerContexts.newContext(topic -> OPTIONS);

    /** An encoding that knows joins and leaves. */
    private static final class Texts implements ProtocolEncoding {
        private int encoded;

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
            encoded++;
            String sign = event instanceof PresenceEvent.Joined ? "+" : "-";
            return Optional.of(Message.text(sign + event.member().userId()));
        }
    }

    private final Texts texts = new Texts();

    private static PresenceMember member(ClientSession session) {
        return new PresenceMember(session.id(), session.id(), session.userId(), Optional.empty(), Optional.empty(), "");
    }

    private TopicSubscription observe(ClientSession session) {
        Arrival arrival = new Arrival(
                context.presence(),
                session.number(),
                member(session),
                OPTIONS,
                new PresenceObserver(texts, session.outbox));
        TopicSubscription subscription = context.topics.add(session, "room", context.protocol, null, arrival);
        arrival.run();
        return subscription;
    }

    private void publish(String text) {
        context.distributor()
                .publish(Publication.builder("room", Payload.text(text)).build(), PublishOptions.defaults());
    }

    private static String envelope(String text) {
        return "{\"topic\":\"room\",\"data\":\"" + text + "\"}";
    }

    @Test
    void observersReceiveEventsInOrderWithPublications() {
        FakeConnection first = new FakeConnection();
        FakeConnection second = new FakeConnection();
        observe(ManagerContexts.open(context, "ann", first));
        publish("1");
        ClientSession bob = ManagerContexts.open(context, "bob", second);
        TopicSubscription subscription = observe(bob);
        publish("2");
        context.topics.remove(subscription).ifPresent(Runnable::run);
        publish("3");
        assertEquals(List.of("+ann", envelope("1"), "+bob", envelope("2"), "-bob", envelope("3")), first.written());
        assertEquals(List.of("+bob", envelope("2")), second.written());
        assertEquals(3, texts.encoded, "each event is encoded once");
    }

    /** The delivery of a publication writes to one subscriber after the other. An event waits for all of them. */
    @Test
    void anEventDoesNotOvertakeAPublicationThatIsBeingDelivered() {
        List<FakeConnection> readers = new ArrayList<>();
        ClientSession bob = ManagerContexts.open(context, "bob", new FakeConnection());
        FakeConnection subscribing = new FakeConnection() {
            private boolean done;

            @Override
            public boolean write(List<Frame> frames, WriteCallback callback) {
                boolean result = super.write(frames, callback);
                if (!done && written().contains(envelope("1"))) {
                    done = true;
                    observe(bob);
                }
                return result;
            }
        };
        observe(ManagerContexts.open(context, "ann", subscribing));
        for (int i = 0; i < 3; i++) {
            FakeConnection reader = new FakeConnection();
            readers.add(reader);
            observe(ManagerContexts.open(context, "reader" + i, reader));
        }
        publish("1");
        for (FakeConnection reader : readers) {
            List<String> written = reader.written();
            assertTrue(
                    written.indexOf(envelope("1")) < written.indexOf("+bob") && written.contains(envelope("1")),
                    written::toString);
        }
    }

    @Test
    void anEncodingThatFailsHarmsNoOtherObserver() {
        FakeConnection connection = new FakeConnection();
        observe(ManagerContexts.open(context, "ann", connection));
        ClientSession bob = ManagerContexts.open(context, "bob", new FakeConnection());
        ProtocolEncoding failing = new ProtocolEncoding() {
            @Override
            public Optional<Message> encode(Publication publication) {
                return Optional.empty();
            }

            @Override
            public Optional<Message> encode(Message message) {
                return Optional.empty();
            }

            @Override
            public Optional<Message> encode(PresenceEvent event) {
                throw new IllegalStateException("of this test");
            }
        };
        Arrival arrival = new Arrival(
                context.presence(), bob.number(), member(bob), OPTIONS, new PresenceObserver(failing, bob.outbox));
        context.topics.add(bob, "room", context.protocol, null, arrival);
        arrival.run();
        assertEquals(List.of("+ann", "+bob"), connection.written());
    }

    @Test
    void clientsOfThePlainProtocolReceiveNoEvents() {
        FakeConnection connection = new FakeConnection();
        ClientSession ann = ManagerContexts.open(context, "ann", connection);
        ann.subscribe("room");
        ClientSession bob = ManagerContexts.open(context, "bob", new FakeConnection());
        bob.subscribe("room");
        bob.closed(CloseStatus.NORMAL);
        publish("1");
        assertEquals(List.of(envelope("1")), connection.written());
    }

    @Test
    void tenThousandSubscriptionsLeaveNoMemberAndNoTopic() {
        ClientSession ann = ManagerContexts.open(context, "ann", new FakeConnection());
        for (int i = 0; i < 10_000; i++) {
            ann.subscribe("room" + i % 7);
            ann.unsubscribe("room" + i % 7);
        }
        assertEquals(0, context.topics.size());
        assertEquals(0, context.presence().leaves().size());
        assertEquals(0, context.topics.memberCount("room0").connections());
    }

    /** Threads subscribe, end and continue members at once, while their grace ends at random. */
    @Test
    void aLeaveNeverPrecedesItsJoinWhileThreadsRace() throws InterruptedException {
        TopicIndex topics = new TopicIndex(new Counters(), PROTOCOL);
        PendingLeaves leaves = new PendingLeaves(3);
        Recorder recorder = new Recorder(topics);
        PresenceContext presence = new PresenceContext("", false, leaves, recorder, () -> 0);
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            int seed = t;
            Thread thread = new Thread(() -> churn(topics, presence, new Random(seed), "user" + seed % 2));
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        leaves.close(topics::expire);
        assertEquals(0, topics.size());
        assertEquals(0, leaves.size());
        Map<String, Integer> present = new HashMap<>();
        for (PresenceEvent event : recorder.events) {
            int change = event instanceof PresenceEvent.Joined ? 1 : -1;
            int now = present.merge(event.member().id(), change, Integer::sum);
            assertEquals(change == 1 ? 1 : 0, now, () -> "the order of " + event.member());
        }
        assertTrue(present.values().stream().allMatch(members -> members == 0), present::toString);
        assertTrue(recorder.events.size() >= 8, "members joined and left");
    }

    private void churn(TopicIndex topics, PresenceContext presence, Random random, String user) {
        for (int i = 0; i < 300; i++) {
            ClientSession session = ManagerContexts.session(context, user);
            Arrival arrival = new Arrival(
                    presence, session.number(), member(session), random.nextBoolean() ? OPTIONS : GRACE, null);
            TopicSubscription subscription = topics.add(session, "room", PROTOCOL, null, arrival);
            arrival.run();
            if (random.nextInt(4) == 0) {
                presence.leaves().expire(Long.MAX_VALUE, topics::expire);
            }
            (random.nextBoolean() ? topics.remove(subscription) : topics.removeDisconnected(subscription))
                    .ifPresent(Runnable::run);
        }
    }

    /** Collects the events of one topic, which come one at a time. */
    private record Recorder(TopicIndex topics, List<PresenceEvent> events) implements PresenceReports {
        Recorder(TopicIndex topics) {
            this(topics, Collections.synchronizedList(new ArrayList<>()));
        }

        @Override
        public void report(PresenceEvent event) {
            events.add(event);
        }

        @Override
        public void expire(PendingLeave leave) {
            topics.expire(leave);
        }

        @Override
        public void lost() {
            throw new AssertionError("an event was lost");
        }
    }

    /** A member whose grace lasts keeps its topic, without a subscriber. */
    @Test
    void aTopicEndsWithItsLastMember() {
        ManagerContext waiting = ManagerContexts.newContext(topic -> GRACE);
        ClientSession ann = ManagerContexts.open(waiting, "ann", new FakeConnection());
        ann.subscribe("room");
        ann.closed(CloseStatus.NORMAL);
        assertEquals(0, waiting.topics.subscriberCount("room"));
        assertEquals(1, waiting.topics.memberCount("room").connections());
        waiting.router.publish("room", MessageBatch.of(Message.text("x")), this);
        waiting.presence().leaves().expire(Long.MAX_VALUE, waiting.topics::expire);
        assertNull(waiting.topics.find("room"));
    }
}
