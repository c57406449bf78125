package io.tankws.core.cluster;

import io.tankws.BackplaneException;
import io.tankws.spi.support.RunningTime;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A request of this node to all other nodes, each of which replies. {@link NodeRequests} guards its state. */
abstract class NodeRequest {
    /** Maximum number of nodes that reply before the nodes are known. Replies of further ones are forged. */
    private static final int MAX_EARLY = 4096;

    final long begin = RunningTime.nanoTime();
    private final Set<String> replied = new HashSet<>();
    /** Nodes that must reply, or {@code null} as long as they are not known. */
    private @Nullable Set<String> awaited;

    /** True after the nodes were asked for a second time. */
    boolean askedAgain;

    /** Returns the node message that makes this request. */
    abstract byte[] encode(long node, long number);

    /** Returns the time for the replies, in multiples of the publish timeout. */
    abstract int timeouts();

    /** Takes a reply of a node. Returns whether no further reply of this node is missing. */
    abstract boolean take(String node, NodeReply reply);

    /** Returns whether the replies so far are enough. */
    boolean isDecided() {
        return false;
    }

    /**
     * Completes the request. Called at most once, without a lock.
     *
     * @param missing nodes that have not replied in time
     */
    abstract void complete(Set<String> missing);

    /** Fails the request. Called instead of {@link #complete}, without a lock. */
    abstract void fail(BackplaneException failure);

    final void await(Set<String> nodes) {
        awaited = Set.copyOf(nodes);
    }

    final boolean knowsNodes() {
        return awaited != null;
    }

    final void receive(String node, NodeReply reply) {
        boolean expected = awaited != null || replied.size() < MAX_EARLY;
        if (expected && !replied.contains(node) && take(node, reply)) {
            replied.add(node);
        }
    }

    final boolean isComplete() {
        return isDecided() || awaited != null && replied.containsAll(awaited);
    }

    final Set<String> missing() {
        Set<String> missing = new TreeSet<>(awaited == null ? Set.of() : awaited);
        missing.removeAll(replied);
        return missing;
    }
}
