package io.tankws.core.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tankws.BackplaneException;
import io.tankws.ClusterConfig;
import io.tankws.PresenceEvent;
import io.tankws.PresenceMember;
import io.tankws.core.concurrent.StageCallbackExecutor;
import io.tankws.core.event.Counters;
import io.tankws.core.event.EventDispatcher;
import io.tankws.spi.Backplane;
import io.tankws.spi.support.RunningTime;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The events of the members of a node, while the backplane loses them or fails. */
class PresenceAnnouncementsTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    /** Events that the node has published, by sign and member. */
    private final List<String> published = new ArrayList<>();
    /** Events that the subscribers of this node have received. */
    private final List<String> delivered = new ArrayList<>();

    private final List<CompletableFuture<Void>> answers = new ArrayList<>();
    private final ClusterPublisher publisher = new ClusterPublisher(
            ClusterConfig.of("test", "test:x"),
            (Backplane) Proxy.newProxyInstance(
                    Backplane.class.getClassLoader(), new Class<?>[] {Backplane.class}, (proxy, method, arguments) -> {
                        NodeMessage message = NodeMessage.open((byte[]) arguments[1]);
                        message.<Long>read(NodeMessage::number);
                        published.add(show(message.readLast(body -> PresenceCodec.event(body, "t"))));
                        CompletableFuture<Void> answer = new CompletableFuture<>();
                        answers.add(answer);
                        return answer;
                    }),
            channel -> null,
            new EventDispatcher("test", Runnable::run, 16, new Counters()),
            new StageCallbackExecutor(
                    task -> {
                        task.run();
                        return true;
                    },
                    () -> false));
    private final PresenceAnnouncements announcements =
            new PresenceAnnouncements(7, publisher, TIMEOUT, event -> delivered.add(show(event)));

    @BeforeEach
    void connect() {
        publisher.open();
        publisher.onConnected();
    }

    private static String show(PresenceEvent event) {
        return (event instanceof PresenceEvent.Joined ? "+" : "-")
                + event.member().id();
    }

    private static PresenceMember member(String id) {
        return new PresenceMember(id, id, "user", Optional.empty(), Optional.empty(), "node");
    }

    private void join(String id) {
        announcements.announce(new PresenceEvent.Joined("t", member(id), Instant.EPOCH));
    }

    private void leave(String id) {
        announcements.announce(new PresenceEvent.Left("t", member(id), Instant.EPOCH));
    }

    private void fail(int publish, BackplaneException.Reason reason) {
        answers.get(publish).completeExceptionally(new BackplaneException(reason, "of this test", null));
    }

    @Test
    void eventsAreDeliveredWhenTheyReturn() {
        join("a");
        join("b");
        leave("a");
        assertEquals(List.of(), delivered);
        announcements.returned(1);
        announcements.returned(2);
        announcements.returned(2);
        announcements.returned(3);
        assertEquals(List.of("+a", "+b", "-a"), published);
        assertEquals(List.of("+a", "+b", "-a"), delivered);
    }

    @Test
    void theLeaveOfAMemberThatNoOtherNodeKnowsIsNotPublished() {
        join("a");
        fail(0, BackplaneException.Reason.REFUSED);
        leave("a");
        assertEquals(List.of("+a"), published);
        assertEquals(List.of("+a", "-a"), delivered);
    }

    @Test
    void theLeaveOfAMemberThatOtherNodesMayKnowIsPublished() {
        join("a");
        fail(0, BackplaneException.Reason.UNCERTAIN);
        announcements.returned(1);
        leave("a");
        announcements.returned(2);
        assertEquals(List.of("+a", "-a"), published);
        assertEquals(List.of("+a", "-a"), delivered);
    }

    /** The leave fails at once, while the join is still on its way. */
    @Test
    void aLeaveDoesNotOvertakeItsJoin() {
        join("a");
        join("b");
        publisher.onDisconnected(List.of());
        leave("a");
        announcements.returned(1);
        assertEquals(List.of("+a", "-a"), delivered);
        announcements.returned(2);
        assertEquals(List.of("+a", "-a", "+b"), delivered);
    }

    @Test
    void anEventThatDoesNotReturnIsDeliveredInTime() {
        join("a");
        answers.get(0).complete(null);
        announcements.check(RunningTime.nanoTime() + TIMEOUT.toNanos());
        assertEquals(List.of(), delivered);
        announcements.check(RunningTime.nanoTime() + 4 * TIMEOUT.toNanos());
        announcements.returned(1);
        assertEquals(List.of("+a"), delivered);
    }

    @Test
    void moreEventsThanTheBoundAreDeliveredWithoutTheBackplane() {
        for (int i = 0; i <= PresenceAnnouncements.MAX_IN_FLIGHT; i++) {
            join("m" + i);
            // The bound of the publisher is not reached.
            answers.remove(0).complete(null);
        }
        assertEquals(List.of("+m0"), delivered);
    }
}
