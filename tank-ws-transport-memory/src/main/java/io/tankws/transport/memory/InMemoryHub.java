package io.tankws.transport.memory;

import io.tankws.BackplaneException;
import io.tankws.BackplaneException.Reason;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where the nodes of one cluster meet that use the {@linkplain InMemoryBackplaneProvider in-memory backplane} with one URI,
 * and by which tests make faults. Lives while somebody has it open or a node is there. Safe for use by several threads.
 */
public final class InMemoryHub implements AutoCloseable {
    private static final Map<String, InMemoryHub> HUBS = new HashMap<>();

    private final String key;
    private final Map<String, InMemoryBackplane> nodes = new LinkedHashMap<>();
    private final InMemoryCounts leases = new InMemoryCounts();
    /** How many of the next messages do not come, by node and channel. */
    private final Map<List<String>, Integer> losses = new HashMap<>();
    /** Guarded by the class. */
    private int holders;

    private boolean down;
    private Set<String> cut = new HashSet<>();

    private InMemoryHub(String key) {
        this.key = key;
    }

    /**
     * Opens the hub of a cluster, also before its first node is there; to be closed as often as it is opened.
     *
     * @param uri as in {@link io.tankws.ClusterConfig#uri()}
     * @param cluster as in {@link io.tankws.ClusterConfig#name()}
     * @return the one hub of these nodes
     */
    public static InMemoryHub open(String uri, String cluster) {
        synchronized (InMemoryHub.class) {
            InMemoryHub hub = HUBS.computeIfAbsent(cluster + " " + uri, InMemoryHub::new);
            hub.holders++;
            return hub;
        }
    }

    /** Lets it go; nodes and faults stay as they are. */
    @Override
    public void close() {
        synchronized (InMemoryHub.class) {
            holders--;
            if (holders == 0) {
                HUBS.remove(key);
            }
        }
    }

    /** Tells how many there are, for tests of the hub itself. */
    static int count() {
        synchronized (InMemoryHub.class) {
            return HUBS.size();
        }
    }

    /**
     * Returns the ids of the nodes that are there, cut off or not.
     *
     * @return a copy, in the order in which they came
     */
    public synchronized List<String> nodes() {
        return List.copyOf(nodes.keySet());
    }

    /**
     * Returns what a node hears.
     *
     * @param node its id
     * @return a copy; nothing while it is cut off or after it has left
     */
    public synchronized Set<String> channels(String node) {
        InMemoryBackplane backplane = nodes.get(node);
        return backplane == null ? Set.of() : backplane.heard();
    }

    /** Cuts off all nodes, also those that will come: they are told, hear nothing, and publish in vain. */
    public synchronized void cut() {
        down = true;
        cut.clear();
        nodes.values().forEach(InMemoryBackplane::disconnect);
    }

    /**
     * Cuts off one node: it is told, hears nothing, and publishes in vain.
     *
     * @param node its id
     */
    public synchronized void cut(String node) {
        cut.add(node);
        InMemoryBackplane backplane = nodes.get(node);
        if (backplane != null) {
            backplane.disconnect();
        }
    }

    /** Ends what {@link #cut()} and {@link #cut(String)} did. What was published meanwhile does not come. */
    public synchronized void restore() {
        down = false;
        cut.clear();
        nodes.values().forEach(InMemoryBackplane::connect);
    }

    /**
     * Ends what {@link #cut(String)} did.
     *
     * @param node its id
     */
    public synchronized void restore(String node) {
        cut.remove(node);
        InMemoryBackplane backplane = nodes.get(node);
        if (backplane != null && isReachable(node)) {
            backplane.connect();
        }
    }

    /**
     * Keeps the next messages of a channel from a node, and tells nobody.
     *
     * @param node its id
     * @param channel which
     * @param count how many
     */
    public synchronized void lose(String node, String channel, int count) {
        losses.merge(List.of(node, channel), count, Integer::sum);
    }

    /** Forgets all figures that nodes have left. */
    public synchronized void wipe() {
        leases.clear();
    }

    synchronized void join(InMemoryBackplane backplane) {
        nodes.put(backplane.node(), backplane);
        if (isReachable(backplane.node())) {
            backplane.connect();
        } else {
            backplane.tellDown();
        }
    }

    synchronized void leave(InMemoryBackplane backplane) {
        if (backplane.isConnected()) {
            leases.remove(backplane.node());
        }
        nodes.remove(backplane.node());
        losses.keySet().removeIf(loss -> loss.get(0).equals(backplane.node()));
    }

    private boolean isReachable(String node) {
        return !down && !cut.contains(node);
    }

    /** Throws if it reaches nobody. */
    synchronized void publish(InMemoryBackplane publisher, String channel, byte[] message) {
        publisher.checkConnected();
        List<InMemoryBackplane> receivers = nodes.values().stream()
                .filter(backplane -> backplane.hears(channel))
                .toList();
        if (publisher.isFull() || receivers.stream().anyMatch(InMemoryBackplane::isFull)) {
            throw new BackplaneException(Reason.REFUSED, "too much is waiting", null);
        }
        for (InMemoryBackplane receiver : receivers) {
            if (!isLost(receiver.node(), channel)) {
                receiver.deliver(channel, message.clone());
            }
        }
    }

    private boolean isLost(String node, String channel) {
        List<String> key = List.of(node, channel);
        if (!losses.containsKey(key)) {
            return false;
        }
        losses.computeIfPresent(key, (same, left) -> left == 1 ? null : left - 1);
        return true;
    }

    synchronized void lease(InMemoryBackplane backplane, Map<String, Long> figures, Duration time) {
        backplane.checkConnected();
        leases.put(backplane.node(), figures, time);
    }

    synchronized long sumOfOthers(InMemoryBackplane backplane, String figure) {
        backplane.checkConnected();
        return leases.sumOfOthers(backplane.node(), figure);
    }
}
