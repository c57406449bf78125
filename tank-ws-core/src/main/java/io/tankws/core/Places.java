package io.tankws.core;

import io.tankws.Limits;
import io.tankws.Refusal;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The connections that a manager has room for: in all, per address and per user. Handshakes under decision count too.
 * The tables hold only who has a place, so they are no larger than the number of connections.
 */
final class Places {
    private static final Map<String, String> RETRY = Map.of("Retry-After", "1");
    private static final Refusal FULL = new Refusal(503, "the server is full", RETRY);
    private static final Refusal ADDRESS_FULL = new Refusal(429, "too many connections from this address", RETRY);
    private static final Refusal USER_FULL = new Refusal(429, "too many connections of this user", RETRY);

    private final Map<Object, Integer> byAddress = new HashMap<>();
    private final Map<String, Integer> byUser = new HashMap<>();
    private int taken;

    /** One connection's place: claimed for its address, then for its user, released at the end. */
    final class Place {
        private final InetSocketAddress remote;
        /** What is counted; {@code null} if nothing is, for want of a bound. */
        private Object address;

        private boolean claimed;
        private String user;

        private Place(InetSocketAddress remote) {
            this.remote = remote;
        }

        /** Tells why there is none for its address. The bound on those of an address is the same in all calls. */
        Optional<Refusal> claim(Limits limits) {
            synchronized (Places.this) {
                if (taken >= limits.maxConnections()) {
                    return Optional.of(FULL);
                }
                if (limits.maxConnectionsPerAddress() != Limits.UNLIMITED) {
                    Object network = network(remote);
                    if (byAddress.getOrDefault(network, 0) >= limits.maxConnectionsPerAddress()) {
                        return Optional.of(ADDRESS_FULL);
                    }
                    byAddress.merge(network, 1, Integer::sum);
                    address = network;
                }
                taken++;
                claimed = true;
                return Optional.empty();
            }
        }

        /** Tells why there is none for its user; only after the other claim. */
        Optional<Refusal> claim(String userId, Limits limits) {
            synchronized (Places.this) {
                if (byUser.getOrDefault(userId, 0) >= limits.maxConnectionsPerUser()) {
                    return Optional.of(USER_FULL);
                }
                byUser.merge(userId, 1, Integer::sum);
                user = userId;
                return Optional.empty();
            }
        }

        /** Gives back what was claimed; a second call does nothing. */
        void release() {
            synchronized (Places.this) {
                if (claimed) {
                    claimed = false;
                    taken--;
                    if (address != null) {
                        byAddress.computeIfPresent(address, Places::less);
                        address = null;
                    }
                    if (user != null) {
                        byUser.computeIfPresent(user, Places::less);
                    }
                }
            }
        }
    }

    Place from(InetSocketAddress remote) {
        return new Place(remote);
    }

    /** Whoever has one IPv6 address has all of its network, so that is what counts. */
    private static Object network(InetSocketAddress remote) {
        InetAddress address = remote.getAddress();
        if (address == null) {
            return remote.getHostString();
        }
        return address instanceof Inet6Address
                ? (Object) ByteBuffer.wrap(address.getAddress()).getLong()
                : address;
    }

    private static <K> Integer less(K key, Integer count) {
        return count == 1 ? null : count - 1;
    }
}
