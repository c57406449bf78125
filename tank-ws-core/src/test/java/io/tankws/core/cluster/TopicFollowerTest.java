package io.tankws.core.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.ErrorCode;
import io.tankws.Publication;
import io.tankws.StreamPosition;
import io.tankws.TopicOptions;
import io.tankws.core.manager.ManagerContext;
import io.tankws.core.session.ClientSession;
import io.tankws.core.support.FakeConnection;
import io.tankws.core.support.ManagerContexts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The order of the publications of one topic on a node. */
class TopicFollowerTest {
    private final ManagerContext context = ManagerContexts.newContext();
    private final FakeConnection connection = new FakeConnection();
    private final ClientSession ann = ManagerContexts.open(context, "ann", connection);
    private final FakeSharedHistory store = new FakeSharedHistory();
    private final NodeStatus status = new NodeStatus("test", "node", "cluster");
    private final LossReporter losses = new LossReporter(context.events, ClusterNode::name);
    private final FollowedTopics topics = new FollowedTopics(
            store, context.router, losses, status, context.nodeContext().deadlines(), Duration.ofSeconds(1));
    private final TopicFollower follower = new TopicFollower("news", topics);

    @BeforeEach
    void subscribe() {
        ann.subscribe("news");
        status.up();
    }

    private void begin() {
        follower.subscribed(() -> {});
    }

    private void receive(Publication publication) {
        follower.receive(publication, null);
        follower.deliver();
    }

    private List<Publication> append(int from, int to) {
        return IntStream.rangeClosed(from, to)
                .mapToObj(i -> store.append("news", "" + i))
                .toList();
    }

    private List<Integer> received() {
        return connection.written().stream()
                .map(text -> Integer.valueOf(text.replaceAll("\\D", "")))
                .toList();
    }

    private static List<Integer> numbers(int from, int to) {
        return IntStream.rangeClosed(from, to).boxed().toList();
    }

    @Test
    void consecutivePublicationsAreDeliveredWithoutARead() {
        begin();
        append(1, 3).forEach(this::receive);
        assertEquals(numbers(1, 3), received());
        assertEquals(1, store.reads);
        assertEquals(3, follower.entered().offset());
    }

    @Test
    void aPublicationThatArrivesTwiceIsDropped() {
        begin();
        List<Publication> all = append(1, 3);
        all.forEach(this::receive);
        all.forEach(this::receive);
        assertEquals(numbers(1, 3), received());
        assertEquals(0, losses.missed.get());
    }

    @Test
    void aHoleIsReadOnceWhileLaterPublicationsWait() {
        begin();
        store.readsAtOnce = false;
        List<Publication> all = append(1, 9);
        receive(all.get(0));
        receive(all.get(4));
        receive(all.get(5));
        assertEquals(numbers(1, 1), received());
        store.endRead();
        receive(all.get(6));
        assertEquals(numbers(1, 9), received());
        assertEquals(2, store.reads);
        assertEquals(0, losses.missed.get());
    }

    @Test
    void messagesWithoutAPositionWaitInOrderWithAHole() {
        begin();
        store.readsAtOnce = false;
        List<Publication> all = append(1, 3);
        receive(all.get(0));
        receive(all.get(2));
        Publication unkept =
                Publication.builder("news", io.tankws.Payload.text("99")).build();
        receive(unkept);
        store.endRead();
        assertEquals(List.of(1, 2, 3, 99), received());
    }

    @Test
    void publicationsAboveTheBoundAreReadAgain() {
        begin();
        store.readsAtOnce = false;
        List<Publication> all = append(1, 1500);
        receive(all.get(0));
        all.subList(2, 1500).forEach(this::receive);
        store.readsAtOnce = true;
        store.endRead();
        assertEquals(numbers(1, 1500), received());
        assertEquals(0, losses.missed.get());
    }

    @Test
    void publicationsThatAreNoLongerKeptAreReportedAndDeliveryContinues() {
        begin();
        TopicOptions small = TopicOptions.builder().historySize(2).recoverable().build();
        List<Publication> all = new ArrayList<>();
        IntStream.rangeClosed(1, 7).forEach(i -> all.add(store.append("news", "" + i, small)));
        receive(all.get(0));
        receive(all.get(6));
        assertEquals(List.of(1, 6, 7), received());
        assertEquals(4, losses.missed.get());
        losses.close();
        assertEquals(1, context.counters.errors().get(ErrorCode.MESSAGES_MISSED));
    }

    @Test
    void aReadThatFailsIsTriedAgainAndThenReported() {
        begin();
        List<Publication> all = append(1, 4);
        receive(all.get(0));
        store.failing = true;
        receive(all.get(2));
        for (int attempt = 2; attempt <= TopicFollower.MAX_ATTEMPTS; attempt++) {
            assertEquals(numbers(1, 1), received());
            topics.check(Long.MAX_VALUE / 2 + System.nanoTime());
        }
        receive(all.get(3));
        assertEquals(List.of(1, 3, 4), received());
        assertEquals(1, losses.missed.get());
    }

    @Test
    void aReadIsTriedAgainWithoutABoundWhileTheBackplaneIsDown() {
        begin();
        List<Publication> all = append(1, 4);
        receive(all.get(0));
        store.failing = true;
        status.down(new IllegalStateException("of this test"));
        receive(all.get(2));
        topics.check(Long.MAX_VALUE / 2 + System.nanoTime());
        store.failing = false;
        begin();
        assertEquals(numbers(1, 4), received());
        assertEquals(0, losses.missed.get());
    }

    @Test
    void aReconnectionReadsWhatWasMissedAlthoughNothingFollows() {
        begin();
        receive(append(1, 1).get(0));
        append(2, 5);
        begin();
        assertEquals(numbers(1, 5), received());
    }

    @Test
    void aNewEpochIsReportedAndDeliveryContinues() {
        begin();
        append(1, 3).forEach(this::receive);
        Publication late = append(4, 4).get(0);
        store.history.clear();
        List<Publication> next = append(5, 6);
        next.forEach(this::receive);
        receive(late);
        assertEquals(List.of(1, 2, 3, 5, 6), received());
        assertTrue(losses.missed.get() > 0);
        assertEquals(next.get(1).position(), follower.entered());
    }

    @Test
    void aNewEpochThatOnlyAReadRevealsIsReported() {
        begin();
        append(1, 3).forEach(this::receive);
        store.history.clear();
        StreamPosition top = append(4, 5).get(1).position();
        begin();
        assertEquals(numbers(1, 3), received());
        assertTrue(losses.missed.get() > 0);
        assertEquals(top, follower.entered());
        receive(append(6, 6).get(0));
        assertEquals(List.of(1, 2, 3, 6), received());
    }

    @Test
    void publicationsThatArriveDuringTheFirstReadAreDelivered() {
        append(1, 2);
        store.readsAtOnce = false;
        begin();
        List<Publication> during = append(3, 4);
        during.forEach(this::receive);
        assertEquals(List.of(), received());
        store.endRead();
        assertEquals(numbers(3, 4), received());
        assertEquals(2, follower.first().offset());
    }

    @Test
    void aFailedFirstReadDelaysNoPublication() {
        store.failing = true;
        List<String> released = new ArrayList<>();
        follower.subscribed(() -> released.add("released"));
        append(1, 2).forEach(this::receive);
        assertEquals(List.of("released"), released);
        assertEquals(numbers(1, 2), received());
    }

    @Test
    void stagesOfAClosedTopicFail() {
        follower.close();
        assertTrue(follower.following().toCompletableFuture().isCompletedExceptionally());
        assertTrue(follower.catchUp().toCompletableFuture().isDone());
    }

    private static final long INTERVAL = Duration.ofSeconds(15).toNanos();

    /** Runs the checks of a number of intervals, ten in each. */
    private void check(int fromInterval, int intervals) {
        for (int i = 0; i < 10 * intervals; i++) {
            follower.checkPosition(fromInterval * INTERVAL + i * INTERVAL / 10, INTERVAL);
        }
    }

    @Test
    void aPublicationThatIsLostAtTheEndIsNoticedByACheck() {
        begin();
        append(1, 3).subList(0, 2).forEach(this::receive);
        assertEquals(numbers(1, 2), received());
        check(1, 3);
        assertEquals(numbers(1, 3), received());
        assertEquals(0, losses.missed.get());
    }

    @Test
    void aTopicAtItsTopIsReadOnceInAnInterval() {
        begin();
        append(1, 3).forEach(this::receive);
        int before = store.reads;
        check(1, 1);
        int afterFirst = store.reads;
        check(2, 10);
        assertTrue(afterFirst - before <= 1, () -> afterFirst + " reads");
        assertEquals(10, store.reads - afterFirst, 1);
        assertEquals(numbers(1, 3), received());
    }

    @Test
    void aTopicWithPublicationsIsNotRead() {
        begin();
        int before = store.reads;
        for (int i = 1; i <= 5; i++) {
            append(i, i).forEach(this::receive);
            check(i, 1);
        }
        assertEquals(before, store.reads);
    }

    @Test
    void aCheckThatFailsIsRepeated() {
        begin();
        append(1, 3).subList(0, 2).forEach(this::receive);
        store.failing = true;
        check(1, 4);
        assertEquals(numbers(1, 2), received());
        store.failing = false;
        check(5, 1);
        assertEquals(numbers(1, 3), received());
    }

    @Test
    void aCheckFindsANewEpoch() {
        begin();
        append(1, 3).forEach(this::receive);
        store.history.clear();
        check(1, 3);
        assertEquals(1, losses.missed.get());
    }
}
