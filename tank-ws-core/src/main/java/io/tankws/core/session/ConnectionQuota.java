package io.tankws.core.session;

import io.tankws.ClientLimits;
import io.tankws.CloseStatus;
import io.tankws.Limits;
import io.tankws.ManagerLimits;
import io.tankws.Refusal;
import io.tankws.core.concurrent.RankedLock;
import io.tankws.spi.ConnectionEnding;
import io.tankws.spi.support.IpLiteral;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The quota of connections of a manager: in total, by address and by user. Pending handshakes count too. The tables
 * hold only the needed entries: addresses if they are bounded, and users until the {@link ClientRegistry} has their
 * sessions.
 *
 * <p>A closing connection counts in total until its socket has ended, because it uses memory. It does not count for
 * its address and user, so that a client can reconnect at once. As many closing connections as the bound are exempt;
 * further ones count again, so that no client can accumulate them.
 */
public final class ConnectionQuota {
    private static final Map<String, String> RETRY = Map.of("Retry-After", "1");
    private static final Refusal FULL = new Refusal(503, "the server is full", RETRY);
    private static final Refusal ADDRESS_FULL = new Refusal(429, "too many connections from this address", RETRY);
    private static final Refusal ENDING = new Refusal(503, "the connection is closing");
    private static final Refusal USER_FULL = new Refusal(429, "too many connections of this user", RETRY);

    /** Key of addresses that are not counted. */
    private static final Object UNCOUNTED = new Object();

    private final ToIntFunction<String> openOfUser;
    private final Function<String, List<ClientSession>> sessionsOfUser;
    private final Map<Object, Integer> byAddress = new HashMap<>();
    private final Map<Object, Integer> closingByAddress = new HashMap<>();
    /** Permits of pending connections by user, the oldest first. */
    private final Map<String, List<Permit>> openingByUser = new HashMap<>();

    private final Map<String, Integer> closingByUser = new HashMap<>();
    private final RankedLock lock = new RankedLock(RankedLock.Rank.PERMITS);
    private int acquired;

    /**
     * Creates an empty quota.
     *
     * @param openOfUser returns the number of sessions of a user that {@link Permit#open} has registered
     * @param sessionsOfUser returns these sessions, the oldest first
     */
    public ConnectionQuota(ToIntFunction<String> openOfUser, Function<String, List<ClientSession>> sessionsOfUser) {
        this.openOfUser = openOfUser;
        this.sessionsOfUser = sessionsOfUser;
    }

    /** The permit of one connection. It is acquired for the address, then for the user, and released at the end. */
    public final class Permit {
        private final InetSocketAddress remote;
        /** Counted key of the address between acquisition and release, otherwise {@code null}. */
        private @Nullable Object address;
        /** User between acquisition and opening, otherwise {@code null}. */
        private @Nullable String user;

        private boolean closing;
        private boolean aborted;

        private Permit(InetSocketAddress remote) {
            this.remote = remote;
        }

        /** Acquires the permit for the address. Returns the reason of a failure. All calls must use the same bound. */
        public Optional<Refusal> acquire(ManagerLimits limits) {
            lock.lock();
            try {
                if (acquired >= limits.maxConnections()) {
                    return Optional.of(FULL);
                }
                Object counted = UNCOUNTED;
                int limit = limits.maxConnectionsPerAddress();
                if (limit != Limits.UNLIMITED) {
                    counted = network(remote);
                    int closingOnes = closingByAddress.getOrDefault(counted, 0);
                    if (isFull(byAddress.getOrDefault(counted, 0), closingOnes, limit)) {
                        return Optional.of(ADDRESS_FULL);
                    }
                    byAddress.merge(counted, 1, Integer::sum);
                }
                acquired++;
                address = counted;
                return Optional.empty();
            } finally {
                lock.unlock();
            }
        }

        /** Acquires the permit for the user, after that for the address. Returns the reason of a failure. */
        public Optional<Refusal> acquire(String userId, ClientLimits limits) {
            lock.lock();
            try {
                if (closing) {
                    return Optional.of(ENDING);
                }
                if (isFull(activeOf(userId), closingOf(userId), limits.maxConnectionsPerUser())) {
                    return Optional.of(USER_FULL);
                }
                addOpening(userId);
                return Optional.empty();
            } finally {
                lock.unlock();
            }
        }

        /**
         * Acquires the permit for the user in any case, after that for the address. The oldest connections above the
         * bound count as closing after this call. Has no effect if the connection ends.
         *
         * @return the actions that close them; they must run without a lock before the handshake is accepted
         */
        public List<Runnable> acquireReplacingOldest(String userId, ClientLimits limits) {
            List<Runnable> closings = new ArrayList<>(0);
            int limit = limits.maxConnectionsPerUser();
            lock.lock();
            try {
                if (closing) {
                    return closings;
                }
                closeOldest(userId, activeOf(userId) - limit + 1, closings);
                abortOldest(userId, closingOf(userId) - limit, closings);
                addOpening(userId);
            } finally {
                lock.unlock();
            }
            return closings;
        }

        private void addOpening(String userId) {
            openingByUser.computeIfAbsent(userId, added -> new ArrayList<>(1)).add(this);
            user = userId;
        }

        /** Runs the registration of the session, which counts for its user instead of this permit. */
        void open(Runnable register) {
            lock.lock();
            try {
                register.run();
                removeOpening();
            } finally {
                lock.unlock();
            }
        }

        /** Records that the connection of a user is closing. A further call has no effect. */
        void closing(String userId) {
            lock.lock();
            try {
                if (address != null && !closing) {
                    closing = true;
                    String counted = countedUser(userId);
                    if (!counted.isEmpty()) {
                        closingByUser.merge(counted, 1, Integer::sum);
                    }
                    if (address != UNCOUNTED) {
                        byAddress.computeIfPresent(address, ConnectionQuota::decrement);
                        closingByAddress.merge(address, 1, Integer::sum);
                    }
                }
            } finally {
                lock.unlock();
            }
        }

        /** Returns whether the connection is closing. It may be so before it is open. */
        boolean isClosing() {
            lock.lock();
            try {
                return closing;
            } finally {
                lock.unlock();
            }
        }

        /** Releases the permit before the opening. A second call has no effect. */
        public void release() {
            release(user, () -> {});
        }

        /** Releases the permit and runs the removal of the session. */
        void release(@Nullable String userId, Runnable unregister) {
            lock.lock();
            try {
                unregister.run();
                if (address != null) {
                    acquired--;
                    (closing ? closingByAddress : byAddress).computeIfPresent(address, ConnectionQuota::decrement);
                    String counted = countedUser(userId == null ? "" : userId);
                    if (closing && !counted.isEmpty()) {
                        closingByUser.computeIfPresent(counted, ConnectionQuota::decrement);
                    }
                    address = null;
                }
                removeOpening();
            } finally {
                lock.unlock();
            }
        }

        /** Returns the user that this permit counts for; empty before a client that authenticates late has one. */
        private String countedUser(String userId) {
            return user != null ? user : userId;
        }

        private void removeOpening() {
            if (user != null) {
                openingByUser.computeIfPresent(user, (key, opening) -> {
                    opening.remove(this);
                    return opening.isEmpty() ? null : opening;
                });
                user = null;
            }
        }
    }

    private static boolean isFull(int active, int closing, int limit) {
        return active + Math.max(0, closing - limit) >= limit;
    }

    private int closingOf(String userId) {
        return closingByUser.getOrDefault(userId, 0);
    }

    private int activeOf(String userId) {
        int opening = openingByUser.getOrDefault(userId, List.of()).size();
        return openOfUser.applyAsInt(userId) + opening - closingOf(userId);
    }

    /** Closes the oldest open connections, and if there are too few, the oldest pending ones. */
    private void closeOldest(String userId, int count, List<Runnable> closings) {
        if (count <= 0) {
            return;
        }
        List<ClientSession> oldest = sessionsOfUser.apply(userId).stream()
                .filter(session -> !session.permit.closing)
                .limit(count)
                .toList();
        for (ClientSession open : oldest) {
            open.permit.closing(userId);
            closings.add(() -> open.close(ConnectionEnding.REPLACED, CloseStatus.REPLACED));
        }
        openingByUser.getOrDefault(userId, List.of()).stream()
                .filter(permit -> !permit.closing)
                .limit(count - oldest.size())
                .forEach(permit -> permit.closing(userId));
    }

    /** Aborts the oldest closing connections, except those that an earlier call has aborted. */
    private void abortOldest(String userId, int count, List<Runnable> closings) {
        if (count <= 0) {
            return;
        }
        sessionsOfUser.apply(userId).stream()
                .filter(session -> session.permit.closing)
                .limit(count)
                .filter(session -> !session.permit.aborted)
                .forEach(session -> {
                    session.permit.aborted = true;
                    closings.add(session::abort);
                });
    }

    public Permit newPermit(InetSocketAddress remote) {
        return new Permit(remote);
    }

    /**
     * Returns the counted key of an address. A client with one IPv6 address has all of its network, so the network
     * counts as one.
     */
    private static Object network(InetSocketAddress remote) {
        // A server of the application may know an address only as text.
        String text = remote.getHostString();
        InetAddress address = remote.isUnresolved() ? literal(text).orElse(null) : remote.getAddress();
        if (address == null) {
            return text;
        }
        return address instanceof Inet6Address
                ? (Object) ByteBuffer.wrap(address.getAddress()).getLong()
                : address;
    }

    private static Optional<InetAddress> literal(String text) {
        boolean bracketed = text.startsWith("[") && text.endsWith("]");
        String bare = bracketed ? text.substring(1, text.length() - 1) : text;
        int zone = bare.indexOf('%');
        return IpLiteral.parse(zone < 0 ? bare : bare.substring(0, zone));
    }

    private static <K> @Nullable Integer decrement(K key, Integer count) {
        return count == 1 ? null : count - 1;
    }
}
