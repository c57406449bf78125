package io.tankws.transport.memory;

import io.tankws.BackplaneException;
import io.tankws.BackplaneException.Reason;
import io.tankws.spi.AppendResult;
import io.tankws.spi.HistoryStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The hub of the nodes of one cluster that use the {@linkplain InMemoryBackplaneProvider in-memory backplane} with
 * one URI. Tests inject faults through it. A hub exists while a test has it open or a node uses it. Thread-safe.
 */
public final class InMemoryHub implements AutoCloseable {
    private static final Map<String, InMemoryHub> HUBS = new HashMap<>();

    private final String key;
    private final Map<String, InMemoryBackplane> nodes = new LinkedHashMap<>();
    private final InMemoryCounts counts = new InMemoryCounts();
    /** Number of the next messages that are lost, by node and channel. */
    private final Map<List<String>, Integer> losses = new HashMap<>();
    /** Number of open calls and nodes. Guarded by the class. */
    private int referenceCount;

    /** The histories of all topics, or {@code null} before their first use. */
    private @Nullable HistoryStore history;

    private boolean allDisconnected;
    private Set<String> disconnect = new HashSet<>();

    private InMemoryHub(String key) {
        this.key = key;
    }

    /**
     * Opens the hub of a cluster, also before its first node starts. Each call needs a call of {@link #close()}.
     *
     * @param uri as in {@link io.tankws.ClusterConfig#uri()}
     * @param cluster as in {@link io.tankws.ClusterConfig#name()}
     * @return the one hub of these nodes
     */
    public static InMemoryHub open(String uri, String cluster) {
        synchronized (InMemoryHub.class) {
            InMemoryHub hub = HUBS.computeIfAbsent(cluster + " " + uri, InMemoryHub::new);
            hub.referenceCount++;
            return hub;
        }
    }

    /** Releases the hub. Nodes and faults stay as they are. */
    @Override
    public void close() {
        synchronized (InMemoryHub.class) {
            referenceCount--;
            if (referenceCount == 0) {
                HUBS.remove(key);
            }
        }
    }

    /** Returns the number of hubs, for tests of the hub itself. */
    static int count() {
        synchronized (InMemoryHub.class) {
            return HUBS.size();
        }
    }

    /**
     * Returns the ids of the nodes, connected or not.
     *
     * @return a copy, in the order of their starts
     */
    public synchronized List<String> nodes() {
        return List.copyOf(nodes.keySet());
    }

    /**
     * Returns the channels that a node is subscribed to.
     *
     * @param node id of the node
     * @return a copy; empty while the node is disconnected or after it has closed
     */
    public synchronized Set<String> channels(String node) {
        InMemoryBackplane backplane = nodes.get(node);
        return backplane == null ? Set.of() : backplane.subscribedChannels();
    }

    /**
     * Disconnects all nodes, and those that start later. They are notified, receive no messages, and their publishes
     * fail.
     */
    public synchronized void disconnect() {
        allDisconnected = true;
        disconnect.clear();
        nodes.values().forEach(InMemoryBackplane::disconnect);
    }

    /**
     * Disconnects one node. It is notified, receives no messages, and its publishes fail.
     *
     * @param node id of the node
     */
    public synchronized void disconnect(String node) {
        disconnect.add(node);
        InMemoryBackplane backplane = nodes.get(node);
        if (backplane != null) {
            backplane.disconnect();
        }
    }

    /** Connects all nodes again. Messages that were published during the outage stay lost. */
    public synchronized void reconnect() {
        allDisconnected = false;
        disconnect.clear();
        nodes.values().forEach(InMemoryBackplane::connect);
    }

    /**
     * Connects one node again. Messages that were published during the outage stay lost.
     *
     * @param node id of the node
     */
    public synchronized void reconnect(String node) {
        disconnect.remove(node);
        InMemoryBackplane backplane = nodes.get(node);
        if (backplane != null && isReachable(node)) {
            backplane.connect();
        }
    }

    /**
     * Loses the next messages and publications of a channel for one node, without a notification.
     *
     * @param node id of the node
     * @param channel name of the channel
     * @param count number of messages
     */
    public synchronized void lose(String node, String channel, int count) {
        losses.merge(List.of(node, channel), count, Integer::sum);
    }

    /**
     * Returns the ids of the nodes that have published counts which have not expired.
     *
     * @return a copy
     */
    public synchronized Set<String> nodesWithCounts() {
        return counts.others("");
    }

    /** Removes the histories and idempotency keys of all topics, which have new epochs then. */
    public synchronized void removeHistories() {
        history = null;
    }

    /** Removes the counts of all nodes. */
    public synchronized void removeCounts() {
        counts.clear();
    }

    synchronized void join(InMemoryBackplane backplane) {
        nodes.put(backplane.node(), backplane);
        if (isReachable(backplane.node())) {
            backplane.connect();
        } else {
            backplane.reportDisconnected();
        }
    }

    synchronized void leave(InMemoryBackplane backplane) {
        if (backplane.isConnected()) {
            counts.remove(backplane.node());
        }
        nodes.remove(backplane.node());
        losses.keySet().removeIf(loss -> loss.get(0).equals(backplane.node()));
    }

    private boolean isReachable(String node) {
        return !allDisconnected && !disconnect.contains(node);
    }

    /** Publishes a message, or throws if it reaches no node. */
    synchronized void publish(InMemoryBackplane publisher, String channel, byte[] message) {
        publisher.checkConnected();
        for (InMemoryBackplane subscriber : receivers(publisher, channel)) {
            if (!isLost(subscriber.node(), channel)) {
                subscriber.deliver(channel, message.clone());
            }
        }
    }

    /** Returns the nodes that are subscribed to a channel, or throws if one of them can take no message. */
    private List<InMemoryBackplane> receivers(InMemoryBackplane publisher, String channel) {
        List<InMemoryBackplane> receivers = nodes.values().stream()
                .filter(backplane -> backplane.isSubscribed(channel))
                .toList();
        if (publisher.isFull() || receivers.stream().anyMatch(InMemoryBackplane::isFull)) {
            throw new BackplaneException(Reason.REFUSED, "the queue of a node is full", null);
        }
        return receivers;
    }

    /** Appends a publication and delivers it unless it is a repetition. Throws if neither happens. */
    synchronized AppendResult append(
            InMemoryBackplane publisher,
            Function<HistoryStore, CompletionStage<AppendResult>> request,
            InMemoryHistory.@Nullable Delivery delivery) {
        publisher.checkConnected();
        List<InMemoryBackplane> receivers = delivery == null ? List.of() : receivers(publisher, delivery.channel());
        AppendResult result = askHistory(publisher, request);
        if (delivery != null && result instanceof AppendResult.Appended appended) {
            for (InMemoryBackplane subscriber : receivers) {
                if (!isLost(subscriber.node(), delivery.channel())) {
                    subscriber.deliver(
                            delivery.channel(),
                            appended.publication(),
                            delivery.envelope().clone());
                }
            }
        }
        return result;
    }

    /** Asks the histories. Their stages are complete when they are returned. */
    synchronized <T> T askHistory(InMemoryBackplane backplane, Function<HistoryStore, CompletionStage<T>> request) {
        backplane.checkConnected();
        if (history == null) {
            history = backplane.createHistory();
        }
        return request.apply(history).toCompletableFuture().join();
    }

    private boolean isLost(String node, String channel) {
        List<String> key = List.of(node, channel);
        if (!losses.containsKey(key)) {
            return false;
        }
        losses.computeIfPresent(key, (same, remaining) -> remaining == 1 ? null : remaining - 1);
        return true;
    }

    synchronized void lease(InMemoryBackplane backplane, Map<String, Long> figures, Duration time) {
        backplane.checkConnected();
        counts.put(backplane.node(), figures, time);
    }

    synchronized Set<String> otherNodes(InMemoryBackplane backplane) {
        backplane.checkConnected();
        return counts.others(backplane.node());
    }

    synchronized long sumOfOthers(InMemoryBackplane backplane, String figure) {
        backplane.checkConnected();
        return counts.sumOfOthers(backplane.node(), figure);
    }
}
