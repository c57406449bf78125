package io.tankws.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.tankws.BackplaneException;
import io.tankws.BackplaneException.Reason;
import io.tankws.ErrorCode;
import io.tankws.ErrorEvent;
import io.tankws.HistoryQuery;
import io.tankws.OutagePolicy;
import io.tankws.Payload;
import io.tankws.TopicOptions;
import io.tankws.testkit.Await;
import io.tankws.testkit.RecordingSubscriber;
import io.tankws.testkit.TestClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Everything that holds on every backplane that fails and comes back. */
public abstract class BackplaneOutageContract extends BackplaneTestBase {
    /** For subclasses. */
    protected BackplaneOutageContract() {}

    /** Makes the backplane unavailable to all nodes. Its data may be lost. */
    protected abstract void breakBackplane();

    /** Makes the backplane available again. */
    protected abstract void repairBackplane();

    @Test
    void publishingFailsWhileItIsDownAndIsReported() {
        Node node = node();
        RecordingSubscriber<ErrorEvent> errors =
                RecordingSubscriber.of(node.manager().errors());
        breakAndWait(node);
        assertEquals(Reason.UNREACHABLE, reason(node.manager().broadcastTopicMessage("news", "x")));
        assertEquals(Reason.UNREACHABLE, reason(node.manager().broadcastMessage("x")));
        assertEquals(Reason.UNREACHABLE, reason(node.manager().cluster().clientCount()));
        assertEquals(Reason.UNREACHABLE, reason(node.manager().cluster().topicSubscriberCount("news")));
        errors.await("the outage", event -> event.code() == ErrorCode.BACKPLANE_FAILED);
        ErrorEvent failure = errors.await("the failure", event -> event.code() == ErrorCode.PUBLISH_FAILED);
        assertInstanceOf(BackplaneException.class, failure.cause().orElseThrow());
        assertEquals(2, node.manager().cluster().health().publishFailures());
        repairAndWait(node);
        await(node.manager().broadcastTopicMessage("news", "x"));
    }

    @Test
    void publishingToATopicWithHistoryFailsWhileItIsDown() {
        Node node = node(
                "contract",
                UnaryOperator.identity(),
                manager -> manager.topicConfigurer(
                        topic -> TopicOptions.builder().historySize(10).build()));
        TestClient client = subscriber(node, "ann", "news");
        breakAndWait(node);
        assertEquals(Reason.UNREACHABLE, reason(node.manager().publish("news", Payload.text("lost"))));
        assertEquals(Reason.UNREACHABLE, reason(node.manager().history("news", HistoryQuery.top())));
        assertEquals(Reason.UNREACHABLE, reason(node.manager().removeHistory("news")));
        repairAndWait(node);
        await(node.manager().publish("news", Payload.text("after")));
        client.awaitText(envelope("news", "after"));
    }

    @Test
    void aRevocationFailsWhileItIsDownButThisNodeObeys() {
        Node node = node();
        subscriber(node, "ann", "news");
        breakAndWait(node);
        assertEquals(Reason.UNREACHABLE, reason(node.manager().revoke("ann", "news")));
        assertEquals(0, node.manager().getTopicSubscriberCount("news"));
        repairAndWait(node);
        await(node.manager().revoke("ann", "news"));
    }

    @Test
    void clientsStayAndLocalCommandsWork() {
        Node node = node();
        Node other = node();
        TestClient client = subscriber(node, "ann", "before");
        breakAndWait(node);
        client.sendText("sub:meanwhile");
        Await.until("the subscription", () -> node.manager().getTopicSubscriberCount("meanwhile") == 1);
        client.sendText("unsub:before");
        Await.until("the end of the other", () -> node.manager().getTopicSubscriberCount("before") == 0);
        assertEquals(1, node.manager().getClientCount());
        node.manager().clients().get(0).send("direct");
        client.awaitText("direct");
        repairAndWait(node);
        Await.until("the other node", () -> other.manager().cluster().health().isUp());
        await(other.manager().broadcastTopicMessage("meanwhile", "after"));
        client.awaitText(envelope("meanwhile", "after"));
        TestClient bob = connect(node, "bob");
        assertEquals(1, node.manager().closeClient("bob"));
        assertEquals(1000, bob.awaitClose().code());
    }

    @Test
    void localOnlyServesTheNodesOwnClients() {
        Node node = node("contract", cluster -> cluster.outagePolicy(OutagePolicy.LOCAL_ONLY));
        Node other = node("contract", cluster -> cluster.outagePolicy(OutagePolicy.LOCAL_ONLY));
        TestClient here = subscriber(node, "here", "news");
        TestClient there = subscriber(other, "there", "news");
        here.awaitText(envelope("news", "first"));
        breakAndWait(node);
        await(node.manager().broadcastTopicMessage("news", "local"));
        await(node.manager().broadcastMessage("to all"));
        here.awaitText(envelope("news", "local"));
        here.awaitText("to all");
        assertEquals(2, node.manager().cluster().health().deliveredLocally());
        // A request to other nodes has no local form. It fails, and the failure is reported.
        assertEquals(0, node.manager().closeClient("there"));
        assertEquals(1, node.manager().cluster().health().publishFailures());
        repairAndWait(node);
        Await.until("the other node", () -> other.manager().cluster().health().isUp());
        await(node.manager().broadcastTopicMessage("news", "again"));
        here.awaitText(envelope("news", "again"));
        there.awaitText(envelope("news", "again"));
    }

    @Test
    void aBufferWaitsForItsReturnInOrder() {
        Node node = node(
                "contract", cluster -> cluster.outagePolicy(OutagePolicy.buffer(5, 10_000, Duration.ofMinutes(1))));
        TestClient client = subscriber(node, "ann", "news");
        breakAndWait(node);
        List<CompletionStage<Void>> stages = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            stages.add(node.manager().broadcastTopicMessage("news", "m" + i));
        }
        assertEquals(Reason.OVERFLOW, reason(node.manager().broadcastTopicMessage("news", "too many")));
        stages.forEach(stage -> assertFalse(stage.toCompletableFuture().isDone()));
        assertEquals(5, node.manager().cluster().health().pending());
        repairAndWait(node);
        stages.forEach(BackplaneTestBase::await);
        for (int i = 0; i < 5; i++) {
            client.awaitText(envelope("news", "m" + i));
        }
    }

    @Test
    void aBufferIsBoundedInBytesAndAge() {
        Node node = node(
                "contract", cluster -> cluster.outagePolicy(OutagePolicy.buffer(100, 500, Duration.ofMillis(100))));
        breakAndWait(node);
        CompletionStage<Void> waiting = node.manager().broadcastTopicMessage("news", "x".repeat(300));
        assertEquals(Reason.OVERFLOW, reason(node.manager().broadcastTopicMessage("news", "x".repeat(300))));
        assertEquals(Reason.EXPIRED, reason(waiting));
    }

    @Test
    void shutsDownWhileItIsDown() {
        Node node = node(
                "contract", cluster -> cluster.outagePolicy(OutagePolicy.buffer(5, 10_000, Duration.ofMinutes(1))));
        breakAndWait(node);
        CompletionStage<Void> waiting = node.manager().broadcastTopicMessage("news", "x");
        node.manager().shutdown(Duration.ofSeconds(5));
        assertEquals(Reason.NOT_RUNNING, reason(waiting));
        assertEquals(Reason.NOT_RUNNING, reason(node.manager().broadcastTopicMessage("news", "x")));
    }

    private void breakAndWait(Node node) {
        breakBackplane();
        Await.until("the outage", () -> !node.manager().cluster().health().isUp());
    }

    private void repairAndWait(Node node) {
        repairBackplane();
        Await.until("its end", () -> node.manager().cluster().health().isUp());
    }

    private static Reason reason(CompletionStage<?> stage) {
        return assertInstanceOf(BackplaneException.class, awaitFailure(stage)).reason();
    }
}
