package io.tankws.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.Authentication;
import io.tankws.Authenticator;
import io.tankws.Identity;
import io.tankws.Manager;
import io.tankws.ManagerLimits;
import io.tankws.Payload;
import io.tankws.Presence;
import io.tankws.PresenceCounts;
import io.tankws.PresenceEvent;
import io.tankws.PresenceMember;
import io.tankws.TopicOptions;
import io.tankws.UserDelivery;
import io.tankws.testkit.Await;
import io.tankws.testkit.RecordingSubscriber;
import io.tankws.testkit.TestClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Presence and messages to users, on every backplane and on a manager without a cluster. */
public abstract class ClusterPresenceContract extends BackplaneTestBase {
    private static final TopicOptions EVENTS =
            TopicOptions.builder().presence().joinLeave().build();
    private static final int MAX_MEMBERS = 500;

    /** For subclasses. */
    protected ClusterPresenceContract() {}

    private List<Node> presenceNodes(UnaryOperator<Manager.Builder> more) {
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; i < (cluster("contract").isPresent() ? 3 : 1); i++) {
            nodes.add(node(
                    "contract",
                    // A loaded machine answers late.
                    settings -> settings.publishTimeout(Duration.ofSeconds(10)),
                    builder -> more.apply(
                            builder.topicConfigurer(topic -> topic.equals("room") ? EVENTS : TopicOptions.NONE))));
        }
        return nodes;
    }

    private List<Node> presenceNodes() {
        return presenceNodes(UnaryOperator.identity());
    }

    /** Waits until a node has a complete answer with this number of members. */
    private static Presence awaitMembers(Node node, int members) {
        List<Presence> answers = new ArrayList<>();
        Await.until(members + " members", () -> {
            Presence answer = await(node.manager().presence("room"));
            answers.add(answer);
            return answer.isComplete() && answer.members().size() == members;
        });
        return answers.get(answers.size() - 1);
    }

    @Test
    void everyNodeListsAndCountsTheMembersOfAllNodes() {
        List<Node> nodes = presenceNodes();
        for (Node node : nodes) {
            subscriber(node, "ann", "room");
            subscriber(node, "user" + nodes.indexOf(node), "room");
        }
        int members = 2 * nodes.size();
        for (Node node : nodes) {
            Presence presence = awaitMembers(node, members);
            Set<String> ids = new HashSet<>();
            Set<String> users = new HashSet<>();
            Set<String> names = new HashSet<>();
            for (PresenceMember member : presence.members()) {
                ids.add(member.node() + member.id());
                users.add(member.userId());
                names.add(member.node());
            }
            assertEquals(members, ids.size());
            assertEquals(nodes.size() + 1, users.size());
            assertEquals(nodes.size(), names.size());
            assertEquals(
                    node.manager().cluster().health().node(),
                    presence.members().get(0).node());
            assertEquals(
                    new PresenceCounts(members, nodes.size() + 1, true, Set.of()),
                    await(node.manager().presenceCounts("room")));
        }
    }

    @Test
    void membersOfOtherNodesHaveTheirInfo() {
        Payload info = Payload.json("{\"name\":\"Änn\"}");
        List<Node> nodes = presenceNodes(builder -> builder.authenticator(
                Authenticator.of(request -> Authentication.accepted(new Identity("ann").withInfo(info)))));
        subscriber(nodes.get(nodes.size() - 1), "ann", "room");
        PresenceMember ann = awaitMembers(nodes.get(0), 1).members().get(0);
        assertEquals(Optional.of(info), ann.info());
        assertEquals(nodes.get(nodes.size() - 1).manager().cluster().health().node(), ann.node());
    }

    @Test
    void anAnswerFromAllNodesIsBounded() {
        List<Node> nodes = presenceNodes(builder ->
                builder.limits(ManagerLimits.builder().maxPresenceMembers(2).build()));
        for (Node node : nodes) {
            for (int i = 0; i < 3; i++) {
                subscriber(node, "user" + i, "room");
            }
        }
        Presence presence = await(nodes.get(0).manager().presence("room"));
        assertEquals(2, presence.members().size());
        assertTrue(presence.hasMore());
    }

    @Test
    void aUserIsPresentOnAnyNode() {
        List<Node> nodes = presenceNodes();
        TestClient ann = connect(nodes.get(nodes.size() - 1), "ann");
        for (Node node : nodes) {
            assertTrue(await(node.manager().isPresent("ann")));
            assertFalse(await(node.manager().isPresent("bob")));
        }
        ann.close();
        Await.until("the absence", () -> !await(nodes.get(0).manager().isPresent("ann")));
    }

    @Test
    void aMessageToAUserReachesItsConnectionsToAllNodesInOrderWithBroadcasts() {
        List<Node> nodes = presenceNodes();
        List<TestClient> clients =
                nodes.stream().map(node -> connect(node, "ann")).toList();
        TestClient other = connect(nodes.get(0), "bob");
        Manager sender = nodes.get(nodes.size() - 1).manager();
        await(sender.broadcastMessage("first"));
        UserDelivery delivery = await(sender.sendToUser("ann", "for ann"));
        assertEquals(1, delivery.connections());
        assertEquals(nodes.size() == 1, delivery.allNodes());
        await(sender.broadcastMessage("last"));
        for (TestClient client : clients) {
            assertEquals("first", client.awaitText());
            assertEquals("for ann", client.awaitText());
            assertEquals("last", client.awaitText());
        }
        assertEquals("first", other.awaitText());
        assertEquals("last", other.awaitText());
    }

    /** Each event is reported on the node of its member. Subscribers of the plain protocol receive none. */
    @Test
    void eachEventIsReportedOnOneNode() {
        List<Node> nodes = presenceNodes();
        List<RecordingSubscriber<PresenceEvent>> events = nodes.stream()
                .map(node -> RecordingSubscriber.of(node.manager().presenceEvents()))
                .toList();
        TestClient observer = subscriber(nodes.get(0), "observer", "room");
        Node last = nodes.get(nodes.size() - 1);
        TestClient ann = subscriber(last, "ann", "room");
        ann.sendText("unsub:room");
        RecordingSubscriber<PresenceEvent> ofLast = events.get(nodes.size() - 1);
        ofLast.await(
                "the leave",
                event -> event instanceof PresenceEvent.Left
                        && event.member().userId().equals("ann"));
        await(last.manager().broadcastTopicMessage("room", "end"));
        // The subscription of ann was published, too.
        assertEquals(envelope("room", "first"), observer.awaitText());
        assertEquals(envelope("room", "end"), observer.awaitText());
        int total =
                events.stream().mapToInt(recorded -> recorded.items().size()).sum();
        assertEquals(3, total);
        nodes.forEach(node -> assertEquals(0, node.manager().cluster().health().rejected()));
    }

    /** An answer that does not fit into one node message comes in several. */
    @Test
    void aLongAnswerComesInParts() {
        Payload info = Payload.text("x".repeat(4000));
        List<Node> nodes = presenceNodes(builder -> builder.authenticator(
                        Authenticator.of(request -> Authentication.accepted(new Identity("ann").withInfo(info))))
                .limits(ManagerLimits.builder().maxPresenceMembers(MAX_MEMBERS).build()));
        Node last = nodes.get(nodes.size() - 1);
        int members = 100;
        for (int i = 0; i < members; i++) {
            closing(TestClient.connect(last.server(), "/ws")).sendText("sub:room");
        }
        Presence presence = awaitMembers(nodes.get(0), members);
        presence.members().forEach(member -> assertEquals(Optional.of(info), member.info()));
    }
}
