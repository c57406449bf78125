package io.tankws.it.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.BackplaneException;
import io.tankws.ClusterConfig;
import io.tankws.ErrorCode;
import io.tankws.ErrorEvent;
import io.tankws.Manager;
import io.tankws.MissedMessages;
import io.tankws.Presence;
import io.tankws.PresenceEvent;
import io.tankws.TopicAuthorizer;
import io.tankws.TopicDecision;
import io.tankws.TopicOptions;
import io.tankws.WebSocketServer;
import io.tankws.core.TankWs;
import io.tankws.spi.BackplaneProvider;
import io.tankws.testkit.Await;
import io.tankws.testkit.RecordingSubscriber;
import io.tankws.testkit.TestClient;
import io.tankws.testkit.contract.BackplaneContract;
import io.tankws.testkit.contract.BackplaneLockContract;
import io.tankws.testkit.contract.BackplaneOutageContract;
import io.tankws.testkit.contract.ClusterHistoryContract;
import io.tankws.testkit.contract.ClusterPresenceContract;
import io.tankws.testkit.contract.UserCommandContract;
import io.tankws.transport.memory.InMemoryBackplaneProvider;
import io.tankws.transport.memory.InMemoryHub;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class InMemoryBackplaneContractTest extends BackplaneContract implements CoreFixture {
    private static final String URI = "in-memory:contract";

    @Override
    public Optional<ClusterConfig> cluster(String name) {
        return Optional.of(ClusterConfig.of(name, URI));
    }

    @Nested
    class Histories extends ClusterHistoryContract implements CoreFixture {
        private final InMemoryHub hub = InMemoryHub.open(URI, "contract");

        @AfterEach
        void closeHub() {
            hub.close();
        }

        @Override
        public Optional<ClusterConfig> cluster(String name) {
            return InMemoryBackplaneContractTest.this.cluster(name);
        }
    }

    @Nested
    class UserCommands extends UserCommandContract implements CoreFixture {
        @Override
        public Optional<ClusterConfig> cluster(String name) {
            return InMemoryBackplaneContractTest.this.cluster(name);
        }
    }

    @Nested
    class Presences extends ClusterPresenceContract implements CoreFixture {
        @Override
        public Optional<ClusterConfig> cluster(String name) {
            return InMemoryBackplaneContractTest.this.cluster(name);
        }
    }

    @Nested
    class Outage extends BackplaneOutageContract implements CoreFixture {
        private final InMemoryHub hub = InMemoryHub.open(URI, "contract");

        @AfterEach
        void close() {
            hub.reconnect();
            hub.close();
        }

        @Override
        protected void breakBackplane() {
            hub.disconnect();
        }

        @Override
        protected void repairBackplane() {
            hub.reconnect();
        }

        @Override
        public Manager.Builder manager() {
            return TankWs.builder(new InMemoryBackplaneProvider());
        }

        @Override
        public Optional<ClusterConfig> cluster(String name) {
            return Optional.of(ClusterConfig.of(name, URI));
        }
    }

    @Nested
    class Locks extends BackplaneLockContract {
        private final InMemoryHub hub = InMemoryHub.open(URI, "locks");

        @AfterEach
        void closeHub() {
            hub.close();
        }

        @Override
        protected BackplaneProvider provider() {
            return new InMemoryBackplaneProvider();
        }

        @Override
        protected String uri() {
            return URI;
        }

        @Override
        protected void breakBackplane() {
            hub.disconnect();
        }

        @Override
        protected void repairBackplane() {
            hub.reconnect();
        }
    }

    /** Losses, which only a backplane with injected faults can produce. */
    @Nested
    class Losses {
        private final InMemoryHub hub = InMemoryHub.open(URI, "losses");
        private final Manager publisher = start();
        private final Manager deaf = start();

        private Manager start() {
            Manager manager = TankWs.builder()
                    .cluster(ClusterConfig.of("losses", URI))
                    .topicConfigurer(topic ->
                            TopicOptions.builder().presence().joinLeave().build())
                    .build()
                    .start();
            Await.until("the node", () -> manager.cluster().health().isUp());
            return manager;
        }

        @AfterEach
        void close() {
            publisher.close();
            deaf.close();
            hub.close();
        }

        private void broadcast(int count) {
            for (int i = 0; i < count; i++) {
                publisher.broadcastMessage("x").toCompletableFuture().join();
            }
        }

        @Test
        void aGapIsCountedAndReported() {
            RecordingSubscriber<ErrorEvent> errors = RecordingSubscriber.of(deaf.errors());
            broadcast(1);
            hub.lose(deaf.cluster().health().node(), "b", 3);
            broadcast(4);
            ErrorEvent gap = errors.await("the gap", event -> event.code() == ErrorCode.MESSAGES_MISSED);
            MissedMessages missed =
                    assertInstanceOf(MissedMessages.class, gap.details().orElseThrow());
            assertEquals(3, missed.count());
            assertTrue(missed.exact());
            assertEquals("", missed.topic());
            assertEquals(publisher.cluster().health().node(), missed.node());
            assertEquals(3, deaf.cluster().health().missed());
            assertEquals(0, publisher.cluster().health().missed());
        }

        @Test
        void theLastMessagesOfAnOutageAreReportedThoughNothingFollows() {
            broadcast(2);
            hub.disconnect(deaf.cluster().health().node());
            Await.until("the outage", () -> !deaf.cluster().health().isUp());
            broadcast(5);
            hub.reconnect();
            Await.until("the report", () -> deaf.cluster().health().missed() == 5);
            assertEquals(0, publisher.cluster().health().missed());
        }

        @Test
        void aNodeWithoutMessagesOfAPublisherReportsPossibleMisses() {
            RecordingSubscriber<ErrorEvent> errors = RecordingSubscriber.of(deaf.errors());
            hub.disconnect(deaf.cluster().health().node());
            Await.until("the outage", () -> !deaf.cluster().health().isUp());
            broadcast(5);
            hub.reconnect();
            ErrorEvent gap = errors.await("the gap", event -> event.code() == ErrorCode.MESSAGES_MISSED);
            MissedMessages missed =
                    assertInstanceOf(MissedMessages.class, gap.details().orElseThrow());
            assertEquals(5, missed.count());
            assertFalse(missed.exact());
        }

        @Test
        void aRevocationThatANodeHasNotConfirmedFails() {
            String node = deaf.cluster().health().node();
            awaitLeases();
            hub.lose(node, "b", 1);
            long begin = System.nanoTime();
            CompletionException failure = assertThrows(
                    CompletionException.class,
                    () -> publisher.revoke("ann", "news").toCompletableFuture().join());
            BackplaneException cause = assertInstanceOf(BackplaneException.class, failure.getCause());
            assertEquals(BackplaneException.Reason.UNCERTAIN, cause.reason());
            assertTrue(cause.getMessage().contains(node), cause.getMessage());
            assertTrue(System.nanoTime() - begin < Duration.ofSeconds(10).toNanos());
            assertEquals(1, publisher.statistics().errors().get(ErrorCode.PUBLISH_FAILED));
            publisher.revoke("ann", "news").toCompletableFuture().join();
        }

        @Test
        void aRevocationDoesNotWaitForANodeThatStops() {
            awaitLeases();
            hub.disconnect(deaf.cluster().health().node());
            CompletableFuture<Void> revocation = publisher.revoke("ann", "news").toCompletableFuture();
            // As when the lease expires.
            hub.removeCounts();
            revocation.join();
        }

        /** Until its lease expires, no node can know whether a node has stopped. */
        @Test
        void anAnswerNamesTheNodesThatAreMissingUntilTheirLeasesExpire() {
            awaitLeases();
            try (WebSocketServer server = TankWs.serve("in-memory")
                            .port(0)
                            .handle("/ws", deaf)
                            .start();
                    TestClient ann = TestClient.connect(server, "/ws?user_id=ann")) {
                ann.sendText("sub:room");
                Await.until("the member", () -> presence().members().size() == 1);
                String killed = deaf.cluster().health().node();
                hub.disconnect(killed);
                Presence incomplete = presence();
                assertEquals(List.of(), incomplete.members());
                assertEquals(Set.of(killed), incomplete.missingNodes());
                assertEquals(
                        Set.of(killed),
                        publisher
                                .presenceCounts("room")
                                .toCompletableFuture()
                                .join()
                                .missingNodes());
                CompletionException failure = assertThrows(CompletionException.class, () -> isPresent("ann"));
                BackplaneException cause = assertInstanceOf(BackplaneException.class, failure.getCause());
                assertEquals(BackplaneException.Reason.UNCERTAIN, cause.reason());
                assertTrue(cause.getMessage().contains(killed), cause.getMessage());
                // As when the lease expires.
                hub.removeCounts();
                assertEquals(new Presence(List.of(), false, Set.of()), presence());
                assertFalse(isPresent("ann"));
            }
        }

        @Test
        void aQueryFailsWhileTheBackplaneIsDownButThisNodeIsKnown() {
            hub.disconnect(publisher.cluster().health().node());
            Await.until("the outage", () -> !publisher.cluster().health().isUp());
            assertThrows(CompletionException.class, this::presence);
            assertThrows(CompletionException.class, () -> isPresent("ann"));
            assertThrows(
                    CompletionException.class,
                    () -> publisher.sendToUser("ann", "x").toCompletableFuture().join());
            try (WebSocketServer server = TankWs.serve("in-memory")
                            .port(0)
                            .handle("/ws", publisher)
                            .start();
                    TestClient ann = TestClient.connect(server, "/ws?user_id=ann")) {
                Await.until("the client", () -> publisher.getClientCount() == 1);
                assertTrue(isPresent("ann"));
                RecordingSubscriber<PresenceEvent> events = RecordingSubscriber.of(publisher.presenceEvents());
                ann.sendText("sub:room");
                ann.sendText("unsub:room");
                events.await("the leave", event -> event instanceof PresenceEvent.Left);
                assertInstanceOf(PresenceEvent.Joined.class, events.items().get(0));
            }
        }

        private Presence presence() {
            return publisher.presence("room").toCompletableFuture().join();
        }

        private boolean isPresent(String userId) {
            return publisher.isPresent(userId).toCompletableFuture().join();
        }

        private void awaitLeases() {
            Await.until("the counts of both nodes", () -> hub.nodesWithCounts().size() == 2);
        }

        /** Before its first connection, other nodes do not know the node, and a revocation does not wait for it. */
        @Test
        void aNodeAsksItsAuthorizerAgainWhenItConnects() {
            hub.disconnect();
            AtomicInteger requests = new AtomicInteger();
            Manager late = TankWs.builder()
                    .cluster(ClusterConfig.of("losses", URI))
                    .greeting("")
                    .topicAuthorizer(TopicAuthorizer.of(request -> requests.incrementAndGet() == 1
                            ? TopicDecision.allowed()
                            : TopicDecision.denied("revoked before")))
                    .build()
                    .start();
            try (WebSocketServer server = TankWs.serve("in-memory")
                            .port(0)
                            .handle("/ws", late)
                            .start();
                    TestClient ann = TestClient.connect(server, "/ws?user_id=ann")) {
                ann.sendText("sub:news");
                Await.until("the subscription", () -> late.getTopicSubscriberCount("news") == 1);
                hub.reconnect();
                Await.until("its end", () -> late.getTopicSubscriberCount("news") == 0);
                assertEquals(2, requests.get());
            } finally {
                late.close();
            }
        }

        @Test
        void onlyTopicsWithASubscriberAreHeard() {
            String node = deaf.cluster().health().node();
            assertEquals(Set.of("b", "n:" + node), hub.channels(node));
        }
    }
}
