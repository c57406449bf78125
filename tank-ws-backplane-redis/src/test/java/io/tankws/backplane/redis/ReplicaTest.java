package io.tankws.backplane.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tankws.BackplaneException.Reason;
import io.tankws.spi.BackplaneListener.Continuity;
import io.tankws.testkit.Await;
import io.tankws.testkit.FaultProxy;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

/** Behavior with replicas, which accept publications and forward none. */
class ReplicaTest {
    @Test
    void aReplicaIsNotAccepted() throws IOException {
        try (TestRedis master = TestRedis.start();
                TestRedis replica = TestRedis.start("replicaof 127.0.0.1 " + master.port());
                TestNode node = new TestNode("c", replica.uri())) {
            node.awaitCause("not a master");
            assertEquals(
                    Reason.UNREACHABLE, TestNode.failure(node.publish("a", "1")).reason());
            replica.ask("REPLICAOF", "NO", "ONE");
            node.awaitCall("up");
        }
    }

    @Test
    void aServerThatBecomesAReplicaIsLeft() throws IOException {
        try (TestRedis master = TestRedis.start();
                TestRedis other = TestRedis.start();
                TestNode node = TestNode.up("c", other.uri())) {
            other.ask("REPLICAOF", "127.0.0.1", "" + master.port());
            node.awaitCall("down");
            other.ask("REPLICAOF", "NO", "ONE");
            node.awaitCall("up", 2);
        }
    }

    @Test
    void reportsWhetherTheServerIsTheSame() throws IOException {
        try (TestRedis one = TestRedis.start();
                TestRedis two = TestRedis.start();
                FaultProxy proxy = new FaultProxy(new InetSocketAddress("127.0.0.1", one.port()));
                TestNode node =
                        TestNode.up("c", "redis://127.0.0.1:" + proxy.address().getPort())) {
            one.ask("CLIENT", "KILL", "TYPE", "pubsub");
            node.awaitCall("up", 2);
            assertEquals(Continuity.SAME_SERVER, node.continuity, "reconnected to the same run");
            one.kill();
            node.awaitCall("down", 2);
            // Redis counts whole seconds, so a server may seem older than it is.
            long then = Long.parseLong(uptime(two));
            Await.until("two more seconds", () -> Long.parseLong(uptime(two)) >= then + 2);
            one.startAgain();
            node.awaitCall("up", 3);
            assertEquals(Continuity.SAME_SERVER, node.continuity, "the server started since");
            Await.until(
                    "the other server is older than the outage",
                    () -> !uptime(two).equals("0"));
            proxy.target(new InetSocketAddress("127.0.0.1", two.port()));
            one.kill();
            node.awaitCall("up", 4);
            assertEquals(Continuity.DIFFERENT_SERVER, node.continuity, "another server");
        }
    }

    private static String uptime(TestRedis redis) {
        return redis.text("INFO", "server").replaceAll("(?s).*uptime_in_seconds:(\\d+).*", "$1");
    }
}
