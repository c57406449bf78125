package io.tankws.core.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tankws.ClientLimits;
import io.tankws.ManagerLimits;
import io.tankws.Refusal;
import io.tankws.core.manager.ManagerContext;
import io.tankws.core.support.FakeConnection;
import io.tankws.core.support.ManagerContexts;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConnectionQuotaTest {
    private final Map<String, Integer> open = new HashMap<>();
    private final ConnectionQuota quota = new ConnectionQuota(user -> open.getOrDefault(user, 0), user -> List.of());

    private static InetSocketAddress address(String literal) throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByName(literal), 1);
    }

    private static int status(Optional<Refusal> refusal) {
        return refusal.map(Refusal::status).orElse(101);
    }

    @Test
    void boundsTheWhole() throws Exception {
        ManagerLimits limits = ManagerLimits.builder().maxConnections(2).build();
        ConnectionQuota.Permit first = quota.newPermit(address("192.0.2.1"));
        assertEquals(101, status(first.acquire(limits)));
        assertEquals(101, status(quota.newPermit(address("192.0.2.2")).acquire(limits)));
        ConnectionQuota.Permit third = quota.newPermit(address("192.0.2.3"));
        assertEquals(503, status(third.acquire(limits)));
        // It has no permit, so its release must not change the quota.
        third.release();
        assertEquals(503, status(third.acquire(limits)));
        first.release();
        first.release();
        assertEquals(101, status(third.acquire(limits)));
        assertEquals(503, status(quota.newPermit(address("192.0.2.4")).acquire(limits)));
    }

    @Test
    void boundsAnAddress() throws Exception {
        ManagerLimits limits =
                ManagerLimits.builder().maxConnectionsPerAddress(1).build();
        ConnectionQuota.Permit first = quota.newPermit(address("192.0.2.1"));
        assertEquals(101, status(first.acquire(limits)));
        assertEquals(429, status(quota.newPermit(address("192.0.2.1")).acquire(limits)));
        assertEquals(101, status(quota.newPermit(address("192.0.2.2")).acquire(limits)));
        first.release();
        assertEquals(101, status(quota.newPermit(address("192.0.2.1")).acquire(limits)));
    }

    @Test
    void countsTheTextOfAnAddressAsTheAddress() throws Exception {
        ManagerLimits limits =
                ManagerLimits.builder().maxConnectionsPerAddress(1).build();
        assertEquals(101, status(quota.newPermit(text("2001:db8:1:2::1")).acquire(limits)));
        for (String same : List.of("[2001:db8:1:2::2]", "2001:DB8:1:2:0::3", "2001:db8:1:2::4%eth0")) {
            assertEquals(429, status(quota.newPermit(text(same)).acquire(limits)), same);
        }
        assertEquals(429, status(quota.newPermit(address("2001:db8:1:2::5")).acquire(limits)));
        assertEquals(101, status(quota.newPermit(text("[2001:db8:1:3::1]")).acquire(limits)));
        assertEquals(101, status(quota.newPermit(text("192.0.2.1")).acquire(limits)));
        assertEquals(429, status(quota.newPermit(address("192.0.2.1")).acquire(limits)));
        assertEquals(429, status(quota.newPermit(text("::ffff:192.0.2.1")).acquire(limits)));
        assertEquals(101, status(quota.newPermit(text("_hidden")).acquire(limits)));
        assertEquals(429, status(quota.newPermit(text("_hidden")).acquire(limits)));
        assertEquals(101, status(quota.newPermit(text("_other")).acquire(limits)));
    }

    private static InetSocketAddress text(String host) {
        return InetSocketAddress.createUnresolved(host, 1);
    }

    @Test
    void countsAnIpv6NetworkAsOneAddress() throws Exception {
        ManagerLimits limits =
                ManagerLimits.builder().maxConnectionsPerAddress(1).build();
        assertEquals(101, status(quota.newPermit(address("2001:db8:1:2::1")).acquire(limits)));
        assertEquals(
                429, status(quota.newPermit(address("2001:db8:1:2:ffff::9")).acquire(limits)));
        assertEquals(101, status(quota.newPermit(address("2001:db8:1:3::1")).acquire(limits)));
        assertEquals(101, status(quota.newPermit(address("192.0.2.1")).acquire(limits)));
        assertEquals(429, status(quota.newPermit(address("::ffff:192.0.2.1")).acquire(limits)));
    }

    @Test
    void boundsAUser() throws Exception {
        ClientLimits limits = ClientLimits.builder().maxConnectionsPerUser(1).build();
        ConnectionQuota.Permit first = quota.newPermit(address("192.0.2.1"));
        ConnectionQuota.Permit second = quota.newPermit(address("192.0.2.1"));
        first.acquire(ManagerLimits.defaults());
        second.acquire(ManagerLimits.defaults());
        assertEquals(101, status(first.acquire("ann", limits)));
        assertEquals(429, status(second.acquire("ann", limits)));
        assertEquals(101, status(second.acquire("bob", limits)));
        first.release();
        ConnectionQuota.Permit third = quota.newPermit(address("192.0.2.1"));
        third.acquire(ManagerLimits.defaults());
        assertEquals(101, status(third.acquire("ann", limits)));
    }

    @Test
    void anOpenConnectionCountsByItsSession() throws Exception {
        ClientLimits limits = ClientLimits.builder().maxConnectionsPerUser(2).build();
        ConnectionQuota.Permit first = quota.newPermit(address("192.0.2.1"));
        first.acquire(ManagerLimits.defaults());
        assertEquals(101, status(first.acquire("ann", limits)));
        first.open(() -> open.merge("ann", 1, Integer::sum));
        ConnectionQuota.Permit second = quota.newPermit(address("192.0.2.1"));
        second.acquire(ManagerLimits.defaults());
        assertEquals(101, status(second.acquire("ann", limits)));
        ConnectionQuota.Permit third = quota.newPermit(address("192.0.2.1"));
        third.acquire(ManagerLimits.defaults());
        assertEquals(429, status(third.acquire("ann", limits)));
        open.remove("ann");
        first.release();
        assertEquals(101, status(third.acquire("ann", limits)));
        second.release();
        third.release();
        assertEquals(
                101,
                status(third.acquire(
                        "ann", ClientLimits.builder().maxConnectionsPerUser(1).build())));
    }

    @Test
    void aTakeoverCutsOffNoMoreClosingConnectionsThanAreAboveTheLimit() throws Exception {
        ClientLimits limits = ClientLimits.builder().maxConnectionsPerUser(2).build();
        ManagerContext context = ManagerContexts.newContext();
        ConnectionQuota contextQuota = new ConnectionQuota(context.registry::sizeOfUser, context.registry::ofUser);
        List<FakeConnection> connections = new ArrayList<>();
        for (int number = 1; number <= 7; number++) {
            ConnectionQuota.Permit permit = contextQuota.newPermit(address("192.0.2.1"));
            permit.acquire(ManagerLimits.defaults());
            permit.acquireReplacingOldest("ann", limits).forEach(Runnable::run);
            FakeConnection connection = new FakeConnection();
            // It neither answers a close frame nor reports the end of an abort.
            ManagerContexts.session(context, number, "ann", permit)
                    .inboundHandler
                    .onOpen(connection);
            connections.add(connection);
        }
        // Five are closing; all but two of these are aborted, the oldest first.
        assertEquals(
                List.of(1, 1, 1, 0, 0, 0, 0),
                connections.stream().map(connection -> connection.aborts).toList());
        assertEquals(
                List.of(1, 1, 1, 1, 1, 0, 0),
                connections.stream().map(connection -> connection.closes.size()).toList());
    }
}
