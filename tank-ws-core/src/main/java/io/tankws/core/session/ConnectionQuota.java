package io.tankws.core.session;

import io.tankws.ClientLimits;
import io.tankws.CloseStatus;
import io.tankws.Limits;
import io.tankws.ManagerLimits;
import io.tankws.Refusal;
import io.tankws.core.concurrent.RankedLock;
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

/**
 * The connections that a manager has room for: in all, per address and per user. Handshakes under decision count too.
 * The tables hold no more than is needed to tell: addresses if there is a bound on them, and users until their
 * sessions are found in the {@link ClientRegistry}.
 *
 * <p>A closing connection counts in all until its socket has ended, since it takes memory. For its address and its
 * user it counts no more, so that a client may reconnect at once; as many closing ones as the bound are spared, and
 * those above it count again, so that no client can pile them up.
 */
public final class ConnectionQuota {
    private static final Map<String, String> RETRY = Map.of("Retry-After", "1");
    private static final Refusal FULL = new Refusal(503, "the server is full", RETRY);
    private static final Refusal ADDRESS_FULL = new Refusal(429, "too many connections from this address", RETRY);
    private static final Refusal USER_FULL = new Refusal(429, "too many connections of this user", RETRY);

    /** What stands for an address that is not counted. */
    private static final Object UNCOUNTED = new Object();

    private final ToIntFunction<String> openOfUser;
    private final Function<String, List<ClientSession>> sessionsOfUser;
    private final Map<Object, Integer> byAddress = new HashMap<>();
    private final Map<Object, Integer> closingByAddress = new HashMap<>();
    /** The places that are claimed for a user and not yet open, the oldest first. */
    private final Map<String, List<Place>> openingByUser = new HashMap<>();

    private final Map<String, Integer> closingByUser = new HashMap<>();
    private final RankedLock lock = new RankedLock(RankedLock.Rank.PERMITS);
    private int taken;

    /**
     * Creates empty tables.
     *
     * @param openOfUser counts the sessions of a user, of those that {@link Place#open} has made known
     * @param sessionsOfUser finds these, the oldest first
     */
    public ConnectionQuota(ToIntFunction<String> openOfUser, Function<String, List<ClientSession>> sessionsOfUser) {
        this.openOfUser = openOfUser;
        this.sessionsOfUser = sessionsOfUser;
    }

    /** One connection's place: claimed for its address, then for its user, released at the end. */
    public final class Place {
        /** The remote address until claimed, then what is counted, {@code null} in the end. */
        private Object address;
        /** Set from the claim until the opening. */
        private String user;

        private boolean closing;
        private boolean cutOff;

        private Place(InetSocketAddress remote) {
            address = remote;
        }

        /** Tells why there is none for its address. The bound on those of an address is the same in all calls. */
        public Optional<Refusal> claim(ManagerLimits limits) {
            lock.lock();
            try {
                if (taken >= limits.maxConnections()) {
                    return Optional.of(FULL);
                }
                Object counted = UNCOUNTED;
                int limit = limits.maxConnectionsPerAddress();
                if (limit != Limits.UNLIMITED) {
                    counted = network((InetSocketAddress) address);
                    int closingOnes = closingByAddress.getOrDefault(counted, 0);
                    if (isFull(byAddress.getOrDefault(counted, 0), closingOnes, limit)) {
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
        public Optional<Refusal> claim(String userId, ClientLimits limits) {
            lock.lock();
            try {
                if (isFull(activeOf(userId), closingOf(userId), limits.maxConnectionsPerUser())) {
                    return Optional.of(USER_FULL);
                }
                enter(userId);
                return Optional.empty();
            } finally {
                lock.unlock();
            }
        }

        /**
         * Claims a place for its user in any case; only after the other claim. The oldest connections above the bound
         * count as closing from now on.
         *
         * @return what closes them, to be run without a lock before the handshake is accepted
         */
        public List<Runnable> takeOver(String userId, ClientLimits limits) {
            List<Runnable> ends = new ArrayList<>(0);
            int limit = limits.maxConnectionsPerUser();
            lock.lock();
            try {
                closeOldest(userId, activeOf(userId) - limit + 1, ends);
                cutOffOldest(userId, closingOf(userId) - limit, ends);
                enter(userId);
            } finally {
                lock.unlock();
            }
            return ends;
        }

        private void enter(String userId) {
            openingByUser.computeIfAbsent(userId, added -> new ArrayList<>(1)).add(this);
            user = userId;
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

        /** Notes that the connection of a user is closing. A further call does nothing. */
        void closing(String userId) {
            lock.lock();
            try {
                if (isClaimed() && !closing) {
                    closing = true;
                    closingByUser.merge(userId, 1, Integer::sum);
                    if (address != UNCOUNTED) {
                        byAddress.computeIfPresent(address, ConnectionQuota::less);
                        closingByAddress.merge(address, 1, Integer::sum);
                    }
                }
            } finally {
                lock.unlock();
            }
        }

        /** Returns whether the connection is closing, perhaps since before it was open. */
        boolean isClosing() {
            lock.lock();
            try {
                return closing;
            } finally {
                lock.unlock();
            }
        }

        private boolean isClaimed() {
            return address != null && !(address instanceof InetSocketAddress);
        }

        /** Gives back what was claimed before the opening; a second call does nothing. */
        public void release() {
            release(user, () -> {});
        }

        /** Gives back what was claimed, and runs what makes the session of the user unknown. */
        void release(String userId, Runnable unregister) {
            lock.lock();
            try {
                unregister.run();
                if (isClaimed()) {
                    taken--;
                    (closing ? closingByAddress : byAddress).computeIfPresent(address, ConnectionQuota::less);
                    if (closing) {
                        closingByUser.computeIfPresent(userId, ConnectionQuota::less);
                    }
                    address = null;
                    forgetUser();
                }
            } finally {
                lock.unlock();
            }
        }

        private void forgetUser() {
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

    /** Has the oldest open connections close, and where these are too few, the oldest that are about to open. */
    private void closeOldest(String userId, int count, List<Runnable> ends) {
        if (count <= 0) {
            return;
        }
        List<ClientSession> oldest = sessionsOfUser.apply(userId).stream()
                .filter(session -> !session.place.closing)
                .limit(count)
                .toList();
        for (ClientSession open : oldest) {
            open.place.closing(userId);
            ends.add(() -> open.close(CloseStatus.REPLACED));
        }
        openingByUser.getOrDefault(userId, List.of()).stream()
                .filter(place -> !place.closing)
                .limit(count - oldest.size())
                .forEach(place -> place.closing(userId));
    }

    /** Aborts the oldest closing connections, but for those that an earlier call has aborted. */
    private void cutOffOldest(String userId, int count, List<Runnable> ends) {
        if (count <= 0) {
            return;
        }
        sessionsOfUser.apply(userId).stream()
                .filter(session -> session.place.closing)
                .limit(count)
                .filter(session -> !session.place.cutOff)
                .forEach(session -> {
                    session.place.cutOff = true;
                    ends.add(session::abort);
                });
    }

    public Place from(InetSocketAddress remote) {
        return new Place(remote);
    }

    /** A client that has one IPv6 address has all of its network, so all of the network counts as one. */
    private static Object network(InetSocketAddress remote) {
        // A server of the application may know an address as text alone.
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

    private static <K> Integer less(K key, Integer count) {
        return count == 1 ? null : count - 1;
    }
}
