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
import java.util.function.ToIntFunction;

/**
 * The connections that a manager has room for: in all, per address and per user. Handshakes under decision count too.
 * The tables hold no more than is needed to tell: addresses if there is a bound on them, and users until their sessions
 * are found in the {@link Registry}.
 */
final class Places {
    private static final Map<String, String> RETRY = Map.of("Retry-After", "1");
    private static final Refusal FULL = new Refusal(503, "the server is full", RETRY);
    private static final Refusal ADDRESS_FULL = new Refusal(429, "too many connections from this address", RETRY);
    private static final Refusal USER_FULL = new Refusal(429, "too many connections of this user", RETRY);

    /** What stands for an address that is not counted. */
    private static final Object UNCOUNTED = new Object();

    private final ToIntFunction<String> openOfUser;
    private final Map<Object, Integer> byAddress = new HashMap<>();
    private final Map<String, Integer> openingByUser = new HashMap<>();
    private final RankedLock lock = new RankedLock(RankedLock.Rank.PERMITS);
    private int taken;

    /** Takes what tells how many sessions of a user are open, of those that {@link Place#open} has made known. */
    Places(ToIntFunction<String> openOfUser) {
        this.openOfUser = openOfUser;
    }

    /** One connection's place: claimed for its address, then for its user, released at the end. */
    final class Place {
        /** The remote address until claimed, then what is counted, {@code null} in the end. */
        private Object address;
        /** Set from the claim until the opening. */
        private String user;

        private Place(InetSocketAddress remote) {
            address = remote;
        }

        /** Tells why there is none for its address. The bound on those of an address is the same in all calls. */
        Optional<Refusal> claim(Limits limits) {
            lock.lock();
            try {
                if (taken >= limits.maxConnections()) {
                    return Optional.of(FULL);
                }
                Object counted = UNCOUNTED;
                if (limits.maxConnectionsPerAddress() != Limits.UNLIMITED) {
                    counted = network((InetSocketAddress) address);
                    if (byAddress.getOrDefault(counted, 0) >= limits.maxConnectionsPerAddress()) {
                        return Optional.of(ADDRESS_FULL);
                    }
                    byAddress.merge(counted, 1, Integer::sum);
                }
                taken++;
                address = counted;
                return Optional.empty();
            } finally {
                lock.unlock();
            }
        }

        /** Tells why there is none for its user; only after the other claim. */
        Optional<Refusal> claim(String userId, Limits limits) {
            lock.lock();
            try {
                int present = openOfUser.applyAsInt(userId) + openingByUser.getOrDefault(userId, 0);
                if (present >= limits.maxConnectionsPerUser()) {
                    return Optional.of(USER_FULL);
                }
                openingByUser.merge(userId, 1, Integer::sum);
                user = userId;
                return Optional.empty();
            } finally {
                lock.unlock();
            }
        }

        /** Runs what makes the session known, which from then on counts instead of the claim for its user. */
        void open(Runnable register) {
            lock.lock();
            try {
                register.run();
                forgetUser();
            } finally {
                lock.unlock();
            }
        }

        /** Gives back what was claimed; a second call does nothing. */
        void release() {
            lock.lock();
            try {
                if (address != null && !(address instanceof InetSocketAddress)) {
                    taken--;
                    byAddress.computeIfPresent(address, Places::less);
                    address = null;
                    forgetUser();
                }
            } finally {
                lock.unlock();
            }
        }

        private void forgetUser() {
            if (user != null) {
                openingByUser.computeIfPresent(user, Places::less);
                user = null;
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
