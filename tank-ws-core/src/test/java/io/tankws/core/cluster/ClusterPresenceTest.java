package io.tankws.core.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.BackplaneException;
import io.tankws.ClusterConfig;
import io.tankws.Manager;
import io.tankws.ManagerLimits;
import io.tankws.Message;
import io.tankws.Payload;
import io.tankws.Presence;
import io.tankws.PresenceCounts;
import io.tankws.PresenceEvent;
import io.tankws.PresenceMember;
import io.tankws.TopicOptions;
import io.tankws.core.TankWs;
import io.tankws.core.presence.UserCount;
import io.tankws.core.support.FakeConnection;
import io.tankws.core.support.FakeHandshake;
import io.tankws.spi.Backplane;
import io.tankws.spi.BackplaneListener;
import io.tankws.spi.ConnectionListener;
import io.tankws.spi.SharedHistoryStore;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Questions, answers and messages to users between nodes, some of which no node has sent. */
class ClusterPresenceTest {
    private static final long OTHER = 77;
    private static final String OTHER_NAME = ClusterNode.name(OTHER);

    /** Channel and bytes of each message that the node has published. */
    private final List<Object[]> published = new CopyOnWriteArrayList<>();

    private volatile Set<String> otherNodes = Set.of();
    private BackplaneListener backplane;
    private long lastOffset;
    private Manager manager = start(Duration.ofMinutes(1));

    /** Starts a node. Its questions end after a time, so tests that need answers choose a long one. */
    private Manager start(Duration publishTimeout) {
        return TankWs.builder(new TestBackplane(backplane()))
                .greeting("")
                .limits(ManagerLimits.builder().maxPresenceMembers(3).build())
                .topicConfigurer(topic -> topic.equals("room")
                        ? TopicOptions.builder().presence().joinLeave().build()
                        : TopicOptions.NONE)
                .cluster(ClusterConfig.builder("test", "test:x")
                        .publishTimeout(publishTimeout)
                        .build())
                .build()
                .start();
    }

    private void restartWithShortTimeout() {
        manager.shutdown(Duration.ZERO);
        manager = start(Duration.ofMillis(100));
    }

    private Backplane backplane() {
        return (Backplane) Proxy.newProxyInstance(
                Backplane.class.getClassLoader(), new Class<?>[] {Backplane.class}, (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "start" -> {
                            backplane = (BackplaneListener) arguments[0];
                            backplane.onConnected(BackplaneListener.Continuity.SAME_SERVER);
                        }
                        case "subscribe" -> ((Runnable) arguments[1]).run();
                        case "publish" -> published.add(arguments);
                        case "history" -> {
                            return Optional.of(withoutHistories());
                        }
                        case "otherNodes" -> {
                            return CompletableFuture.completedStage(otherNodes);
                        }
                        default -> {
                            // This backplane has no state.
                        }
                    }
                    return method.getReturnType() == void.class ? null : CompletableFuture.completedStage(null);
                });
    }

    /** Returns a store, which no topic of this test uses. */
    private static SharedHistoryStore withoutHistories() {
        return (SharedHistoryStore) Proxy.newProxyInstance(
                SharedHistoryStore.class.getClassLoader(),
                new Class<?>[] {SharedHistoryStore.class},
                (proxy, method, arguments) -> {
                    throw new AssertionError("no topic has a history");
                });
    }

    @AfterEach
    void stop() {
        manager.shutdown(Duration.ZERO);
    }

    private FakeConnection client(String user, String topic) throws InterruptedException {
        FakeHandshake handshake = new FakeHandshake("/ws?user_id=" + user);
        manager.handleConnection(handshake);
        ConnectionListener listener = handshake.listener();
        FakeConnection connection = new FakeConnection();
        listener.onOpen(connection);
        int before = manager.getTopicSubscriberCount(topic);
        manager.clients().stream()
                .filter(client -> client.userId().equals(user))
                .forEach(client -> client.subscribe(topic));
        assertEquals(before + 1, manager.getTopicSubscriberCount(topic));
        return connection;
    }

    private void arrive(String channel, byte[] message) {
        backplane.onMessage(channel, message);
        backplane.onReadComplete();
    }

    private void arriveNumbered(String channel, byte[] message) {
        NodeMessage.number(message, 1, ++lastOffset);
        arrive(channel, message);
    }

    private String ownChannel() {
        return "n:" + manager.cluster().health().node();
    }

    /** Returns the messages of a kind that the node has published. */
    private List<NodeMessage> sent(byte kind) {
        return published.stream()
                .map(arguments -> NodeMessage.open((byte[]) arguments[1]))
                .filter(message -> message.kind == kind)
                .toList();
    }

    private long lastQuestion() {
        List<NodeMessage> questions = sent(NodeMessage.QUESTION);
        return questions.get(questions.size() - 1).read(NodeMessage::number);
    }

    private static PresenceMember member(String id) {
        return new PresenceMember(id, id, "user", Optional.empty(), Optional.empty(), OTHER_NAME);
    }

    private static <T> T join(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    private static byte[] members(long number, int part, boolean isLast, PresenceMember... members) {
        return PresenceCodec.answer(OTHER, number, new NodeReply.Members(part, isLast, false, List.of(members)));
    }

    @Test
    void anAnswerIsCompleteWithItsLastPart() {
        otherNodes = Set.of(OTHER_NAME);
        CompletableFuture<Presence> answer = manager.presence("room").toCompletableFuture();
        long number = lastQuestion();
        arrive(ownChannel(), members(number, 0, false, member("a"), member("b")));
        arrive(ownChannel(), members(number, 1, true, member("c"), member("d")));
        // The answer is complete, so a further part has no effect.
        arrive(ownChannel(), members(number, 2, true, member("e")));
        assertEquals(new Presence(List.of(member("a"), member("b"), member("c")), true, Set.of()), answer.join());
    }

    @Test
    void aNodeWhosePartIsLostIsMissing() {
        restartWithShortTimeout();
        otherNodes = Set.of(OTHER_NAME);
        CompletableFuture<Presence> answer = manager.presence("room").toCompletableFuture();
        arrive(ownChannel(), members(lastQuestion(), 1, true, member("c")));
        assertEquals(new Presence(List.of(), false, Set.of(OTHER_NAME)), answer.join());
    }

    /** An answer of another kind, or to a question that was not asked, changes nothing. */
    @Test
    void answersThatDoNotFitAreIgnored() {
        restartWithShortTimeout();
        otherNodes = Set.of(OTHER_NAME);
        CompletableFuture<Boolean> answer = manager.isPresent("ann").toCompletableFuture();
        long number = lastQuestion();
        arrive(ownChannel(), members(number, 0, true, member("a")));
        arrive(ownChannel(), PresenceCodec.answer(OTHER, number, UserCount.NONE));
        arrive(ownChannel(), NodeMessage.confirmation(OTHER, number));
        arrive(ownChannel(), PresenceCodec.answer(OTHER, number + 1, true));
        BackplaneException failure = assertInstanceOf(
                BackplaneException.class,
                assertThrows(CompletionException.class, answer::join).getCause());
        assertEquals(BackplaneException.Reason.UNCERTAIN, failure.reason());
        assertEquals(0, manager.cluster().health().rejected());
    }

    @Test
    void oneConnectionIsEnoughToBePresent() {
        otherNodes = Set.of(OTHER_NAME, ClusterNode.name(78));
        CompletableFuture<Boolean> answer = manager.isPresent("ann").toCompletableFuture();
        arrive(ownChannel(), PresenceCodec.answer(OTHER, lastQuestion(), true));
        assertTrue(answer.join());
    }

    @Test
    void aUserOfSeveralNodesCountsOnceUnlessThereAreTooMany() throws InterruptedException {
        client("ann", "room");
        UserCount local = hashOf("ann");
        otherNodes = Set.of(OTHER_NAME);
        CompletableFuture<PresenceCounts> answer =
                manager.presenceCounts("room").toCompletableFuture();
        arrive(ownChannel(), PresenceCodec.answer(OTHER, lastQuestion(), local));
        assertEquals(new PresenceCounts(2, 1, true, Set.of()), answer.join());
        answer = manager.presenceCounts("room").toCompletableFuture();
        arrive(ownChannel(), PresenceCodec.answer(OTHER, lastQuestion(), new UserCount(3000, 2000, new long[0])));
        assertEquals(new PresenceCounts(3001, 2001, false, Set.of()), answer.join());
    }

    /** Asks this node as another node would. */
    private UserCount hashOf(String user) {
        arriveNumbered("b", PresenceCodec.question(OTHER, 5, new SurveyQuestion(SurveyQuestion.Kind.COUNT, "room", 0)));
        NodeMessage answer = sent(NodeMessage.ANSWER).get(0);
        assertEquals(5, answer.<Long>read(NodeMessage::number));
        UserCount count = ((NodeReply.Count) answer.readLast(PresenceCodec::answer)).count();
        assertEquals(1, count.userHashes().length, user);
        return count;
    }

    @Test
    void aNodeAnswersWithAtMostAsManyMembersAsAreAskedFor() throws InterruptedException {
        client("ann", "room");
        client("bob", "room");
        arriveNumbered(
                "b", PresenceCodec.question(OTHER, 9, new SurveyQuestion(SurveyQuestion.Kind.MEMBERS, "room", 1)));
        NodeMessage answer = sent(NodeMessage.ANSWER).get(0);
        answer.<Long>read(NodeMessage::number);
        NodeReply.Members members = (NodeReply.Members) answer.readLast(PresenceCodec::answer);
        assertEquals(1, members.members().size());
        assertTrue(members.hasMore());
        assertTrue(members.isLast());
    }

    @Test
    void anAnswerIsSplitIntoPartsOfBoundedSize() {
        Payload info = Payload.binary(new byte[4096]);
        List<PresenceMember> many = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            many.add(new PresenceMember("c" + i, "c" + i, "u", Optional.of(info), Optional.of(info), OTHER_NAME));
        }
        List<NodeReply.Members> parts = ClusterPresence.parts(new Presence(many, false, Set.of()));
        List<PresenceMember> joined = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            NodeReply.Members part = parts.get(i);
            byte[] message = PresenceCodec.answer(OTHER, 1, part);
            assertTrue(message.length < PresenceCodec.FULL_BYTES + 16 * 1024, message.length + " bytes");
            assertEquals(i, part.part());
            assertEquals(i == parts.size() - 1, part.isLast());
            NodeMessage read = NodeMessage.open(message);
            read.<Long>read(NodeMessage::number);
            assertEquals(part, read.readLast(PresenceCodec::answer));
            joined.addAll(part.members());
        }
        assertEquals(many, joined);
        assertEquals(
                1,
                ClusterPresence.parts(new Presence(List.of(), false, Set.of())).size());
    }

    /** Each question makes all nodes answer, so their number is bounded. */
    @Test
    void aFloodOfQuestionsIsAnsweredUpToABound() {
        int asked = 0;
        while (manager.cluster().health().rejected() == 0) {
            arriveNumbered(
                    "b", PresenceCodec.question(OTHER, 1, new SurveyQuestion(SurveyQuestion.Kind.CONNECTED, "ann", 0)));
            asked++;
        }
        assertEquals(asked - 1, sent(NodeMessage.ANSWER).size());
    }

    @Test
    void damagedPresenceMessagesAreRejectedAndHarmNoClient() throws InterruptedException {
        FakeConnection ann = client("ann", "room");
        PresenceEvent event = new PresenceEvent.Joined("room", member("a"), Instant.ofEpochMilli(5));
        byte[] valid = PresenceCodec.event(OTHER, 1, event);
        byte[] kind = valid.clone();
        kind[34] = 9;
        byte[] shortened = Arrays.copyOf(valid, valid.length - 1);
        byte[] longer = Arrays.copyOf(valid, valid.length + 1);
        byte[] info = valid.clone();
        info[info.length - 1] = 4;
        int rejected = 0;
        for (byte[] damaged : List.of(kind, shortened, longer, info)) {
            NodeMessage.number(damaged, 1, 1);
            arrive("t:room", damaged);
            assertEquals(++rejected, manager.cluster().health().rejected());
        }
        byte[] question = PresenceCodec.question(OTHER, 1, new SurveyQuestion(SurveyQuestion.Kind.COUNT, "room", 0));
        question[34] = 7;
        arriveNumbered("b", question);
        arrive(ownChannel(), PresenceCodec.answer(OTHER, 1, new UserCount(1, 2, new long[0])));
        arrive(ownChannel(), PresenceCodec.answer(OTHER, 1, new UserCount(3, 3, new long[2])));
        arrive("b", PresenceCodec.answer(OTHER, 1, true));
        arriveNumbered("b", PresenceCodec.event(OTHER, 1, event));
        arriveNumbered("t:room", NodeMessage.userMessage(OTHER, "ann", Message.text("x")));
        assertEquals(rejected + 6, manager.cluster().health().rejected());
        arrive("t:room", numbered(NodeMessage.messages(OTHER, 0, List.of(Message.text("real"))), 1));
        assertEquals(List.of("real"), ann.written());
        assertEquals(0, manager.cluster().health().missed());
    }

    private static byte[] numbered(byte[] message, long offset) {
        NodeMessage.number(message, 1, offset);
        return message;
    }

    @Test
    void aMessageToAUserArrivesOnce() throws InterruptedException {
        FakeConnection ann = client("ann", "room");
        FakeConnection bob = client("bob", "room");
        byte[] message = numbered(NodeMessage.userMessage(OTHER, "ann", Message.text("for ann")), 1);
        arrive("b", message);
        arrive("b", message.clone());
        assertEquals(List.of("for ann"), ann.written());
        assertEquals(List.of(), bob.written());
        assertEquals(1, manager.cluster().health().stale());
    }

    @Test
    void aUserIdThatNoNodeMessageCanHoldIsRefused() {
        String tooLong = "x".repeat(NodeMessage.MAX_TEXT_BYTES + 1);
        for (CompletionStage<?> stage : List.of(
                manager.sendToUser(tooLong, "x"),
                manager.isPresent(tooLong),
                manager.isPresent("\ud800"),
                manager.sendToUser("ann", Message.binary(new byte[NodeMessage.MAX_BYTES])))) {
            BackplaneException failure = assertInstanceOf(
                    BackplaneException.class,
                    assertThrows(CompletionException.class, () -> join(stage)).getCause());
            assertEquals(BackplaneException.Reason.REFUSED, failure.reason());
        }
    }

    /** The channel of the topic carries the events of its members, after each other. */
    @Test
    void joinAndLeaveArePublishedToTheChannelOfTheTopic() throws InterruptedException {
        client("ann", "room");
        client("bob", "news");
        manager.clients().get(0).unsubscribe("room");
        List<NodeMessage> events = sent(NodeMessage.PRESENCE);
        assertEquals(2, events.size());
        List<PresenceEvent> read = new ArrayList<>();
        for (NodeMessage event : events) {
            event.<Long>read(NodeMessage::number);
            read.add(event.readLast(body -> PresenceCodec.event(body, "room")));
        }
        assertInstanceOf(PresenceEvent.Joined.class, read.get(0));
        assertInstanceOf(PresenceEvent.Left.class, read.get(1));
        assertEquals(read.get(0).member(), read.get(1).member());
        assertEquals(
                List.of("t:room", "t:room"),
                published.stream()
                        .filter(arguments -> NodeMessage.open((byte[]) arguments[1]).kind == NodeMessage.PRESENCE)
                        .map(arguments -> arguments[0])
                        .toList());
    }
}
