package io.tankws.it.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.ConnectionEvent;
import io.tankws.testkit.Fault;
import io.tankws.testkit.Fault.End;
import io.tankws.testkit.FaultProxy;
import io.tankws.testkit.TestClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** Every operation on every faulty network. */
abstract class OperationFaults extends FaultTestBase {
    private static final Fault NONE = Fault.none();
    private static final List<Network> SLOW = List.of(
            Network.both(Fault.delay(Duration.ofMillis(200))),
            Network.both(Fault.slices(1)),
            Network.both(Fault.rate(64 * 1024)));
    private static final List<Network> DYING = List.of(
            Network.both(Fault.after(0, End.RESET)),
            Network.both(Fault.after(0, End.CLOSE)),
            new Network(Fault.after(0, End.BLACK_HOLE), NONE),
            new Network(NONE, Fault.after(0, End.BLACK_HOLE)),
            Network.both(Fault.after(0, End.BLACK_HOLE)),
            new Network(Fault.after(0, End.HALF_CLOSE), NONE),
            new Network(NONE, Fault.after(0, End.HALF_CLOSE)),
            Network.both(Fault.after(0, End.HALF_CLOSE)));

    OperationFaults(String transport) {
        super(transport);
    }

    private record Network(Fault upstream, Fault downstream) {
        static Network both(Fault fault) {
            return new Network(fault, fault);
        }

        void on(FaultProxy proxy) {
            proxy.upstream(upstream).downstream(downstream);
        }

        boolean hearsClient() {
            return upstream == NONE;
        }
    }

    private interface Case {
        void run(Operation operation, Network network, String user);
    }

    private void onAll(List<Network> networks, Case each) throws Exception {
        List<Callable<Void>> cases = new ArrayList<>();
        for (Network network : networks) {
            for (Operation operation : Operation.values()) {
                String user = "user-" + cases.size();
                cases.add(() -> {
                    try {
                        each.run(operation, network, user);
                    } catch (AssertionError | RuntimeException e) {
                        throw new AssertionError(operation + " on " + network + " by " + user, e);
                    }
                    return null;
                });
            }
        }
        cases.add(() -> {
            for (int i = 0; i < 20; i++) {
                server().serveAFreshPair(networks.size() + " kinds of networks");
            }
            return null;
        });
        together(cases);
    }

    @Test
    void aSlowNetworkDelaysAndLosesNothing() throws Exception {
        onAll(SLOW, (operation, network, user) -> {
            FaultProxy proxy = proxy();
            TestClient client;
            if (operation == Operation.CONNECT) {
                network.on(proxy);
                client = closing(server().to(proxy, user).connect());
            } else {
                client = closing(operation.connect(server(), proxy, user));
                network.on(proxy);
                operation.begin(server(), client, user);
            }
            operation.assertDone(server(), client, user);
        });
    }

    @Test
    void aFailedNetworkEndsOnlyItsConnection() throws Exception {
        onAll(DYING, (operation, network, user) -> {
            FaultProxy proxy = proxy();
            if (operation == Operation.CONNECT) {
                network.on(proxy);
                RawPeer.run(proxy.address(), user, Duration.ofSeconds(3));
                assertTrue(network.hearsClient() || server().lives(user).isEmpty());
                return;
            }
            TestClient client = closing(operation.connect(server(), proxy, user));
            TestClient neighbour = operation == Operation.BROADCAST ? neighbour(user) : null;
            network.on(proxy);
            operation.attempt(server(), client, user);
            assertTrue(codes(operation, network).contains(server().awaitDisconnect(user)));
            if (operation == Operation.SUBSCRIBE) {
                assertSubscribed(network, user);
            }
            if (neighbour != null) {
                Operation.awaitMessages(neighbour, user);
                neighbour.disconnect();
            }
        });
    }

    /** Returns the status codes of the peer's close frame, if the frame could arrive. */
    private static Set<Integer> codes(Operation operation, Network network) {
        if (operation != Operation.CLIENT_CLOSE || !network.hearsClient()) {
            return Set.of(1006);
        }
        // A client that sees the end of the server may close its socket before its close frame has left.
        return network.downstream().end() == End.HALF_CLOSE ? Set.of(1000, 1006) : Set.of(1000);
    }

    private void assertSubscribed(Network network, String user) {
        boolean subscribed =
                server().lives(user).get(0).stream().anyMatch(event -> event instanceof ConnectionEvent.Subscribed);
        if (!network.hearsClient()) {
            assertEquals(false, subscribed);
        } else if (network.downstream().end() == End.BLACK_HOLE) {
            assertEquals(true, subscribed);
        }
    }

    private TestClient neighbour(String topic) {
        String user = "neighbour-of-" + topic;
        TestClient neighbour = closing(server().to(user).connect());
        neighbour.awaitText(FaultyServer.greeting(user));
        neighbour.sendText("sub:" + topic);
        server().awaitEvent(ConnectionEvent.Subscribed.class, user);
        return neighbour;
    }
}
