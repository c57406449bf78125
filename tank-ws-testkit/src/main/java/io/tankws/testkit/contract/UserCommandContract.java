package io.tankws.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.ErrorCode;
import io.tankws.testkit.Await;
import io.tankws.testkit.TestClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Commands about the subscriptions of a user, on every backplane and on a manager without a cluster. */
public abstract class UserCommandContract extends BackplaneTestBase {
    /** For subclasses. */
    protected UserCommandContract() {}

    @Test
    void subscribesAndUnsubscribesAUserOnAllNodes() {
        List<Node> nodes = nodes();
        List<TestClient> clients =
                nodes.stream().map(node -> connect(node, "ann")).toList();
        TestClient other = connect(nodes.get(0), "bob");
        await(nodes.get(0).manager().subscribeUser("ann", "news"));
        nodes.forEach(node -> assertEquals(1, node.manager().getTopicSubscriberCount("news")));
        await(nodes.get(nodes.size() - 1).manager().broadcastTopicMessage("news", "hello"));
        clients.forEach(client -> client.awaitText(envelope("news", "hello")));
        await(nodes.get(nodes.size() - 1).manager().unsubscribeUser("ann", "news"));
        nodes.forEach(node -> assertEquals(0, node.manager().getTopicSubscriberCount("news")));
        await(nodes.get(0).manager().broadcastTopicMessage("news", "hidden"));
        await(nodes.get(0).manager().broadcastMessage("end"));
        clients.forEach(client -> client.awaitText("end"));
        other.awaitText("end");
    }

    /** All nodes publish without a pause while one of them revokes. */
    @Test
    void noNodeDeliversAPublicationAfterARevocation() {
        List<Node> nodes = nodes();
        AtomicInteger number = new AtomicInteger();
        AtomicBoolean storming = new AtomicBoolean(true);
        List<Thread> storm = new ArrayList<>();
        for (Node node : nodes) {
            Thread thread = new Thread(() -> {
                while (storming.get()) {
                    await(node.manager().broadcastTopicMessage("news", Integer.toString(number.incrementAndGet())));
                }
            });
            storm.add(thread);
            thread.start();
        }
        try {
            for (int round = 0; round < 10; round++) {
                Node revoking = nodes.get(round % nodes.size());
                List<TestClient> clients =
                        nodes.stream().map(node -> connect(node, "ann")).toList();
                await(revoking.manager().subscribeUser("ann", "news"));
                clients.forEach(TestClient::awaitText);
                await(revoking.manager().revoke("ann", "news"));
                int last = number.incrementAndGet();
                nodes.forEach(node -> assertEquals(0, node.manager().getTopicSubscriberCount("news")));
                await(revoking.manager().broadcastMessage("end"));
                clients.forEach(client -> assertNothingAfter(last, client));
                assertEquals(1, revoking.manager().closeClient("ann"));
                clients.forEach(TestClient::awaitClose);
                nodes.forEach(node -> Await.until(
                        "the end of the clients", () -> node.manager().getClientCount() == 0));
            }
        } finally {
            storming.set(false);
            storm.forEach(BackplaneTestBase::join);
        }
    }

    private static void assertNothingAfter(int last, TestClient client) {
        for (String text = client.awaitText(); !text.equals("end"); text = client.awaitText()) {
            int published = Integer.parseInt(text.replaceAll("\\D", ""));
            assertTrue(published <= last, () -> published + " was published after " + last);
        }
    }

    @Test
    void aRevocationDeniesSubscriptionsThatAreUnderDecisionOnOtherNodes() {
        List<Node> nodes = new ArrayList<>();
        List<ControlledAuthorizer> authorizers = new ArrayList<>();
        for (int i = 0; i < (cluster("contract").isPresent() ? 2 : 1); i++) {
            ControlledAuthorizer authorizer = new ControlledAuthorizer();
            authorizers.add(authorizer);
            nodes.add(node("contract", UnaryOperator.identity(), settings -> settings.topicAuthorizer(authorizer)));
        }
        Node last = nodes.get(nodes.size() - 1);
        connect(last, "ann").sendText("sub:news");
        ControlledAuthorizer authorizer = authorizers.get(authorizers.size() - 1);
        authorizer.awaitRequest("news");
        await(nodes.get(0).manager().revoke("ann", "news"));
        authorizer.allow("news");
        assertEquals(0, last.manager().getTopicSubscriberCount("news"));
        Await.until(
                "the denial", () -> last.manager().statistics().errors().containsKey(ErrorCode.AUTHORIZATION_FAILED));
    }

    @Test
    void commandsAboutUsersCheckTheirArguments() {
        Node node = node();
        assertThrows(IllegalArgumentException.class, () -> node.manager().revoke("ann", ""));
        await(node.manager().revoke("nobody", "news"));
    }
}
