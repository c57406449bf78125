package io.tankws.core.cluster;

import io.tankws.BackplaneException;
import io.tankws.BackplaneException.Reason;
import io.tankws.ErrorCode;
import io.tankws.core.concurrent.DeferredActions;
import io.tankws.core.event.EventDispatcher;
import io.tankws.spi.Backplane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The requests of this node that wait for the replies of the other nodes: commands and surveys. The nodes are asked
 * for after the request has been published, so a node that the answer lacks has either received the request or had no
 * lease.
 */
final class NodeRequests {
    /** Maximum number of waiting requests. A further one fails. */
    static final int MAX_PENDING = 1024;

    /** Number of timeouts after which the nodes are asked for again, because one may have stopped. */
    private static final int ASK_AGAIN = 2;

    private final long node;
    private final Backplane backplane;
    private final ClusterPublisher publisher;
    private final EventDispatcher events;
    /** Nanoseconds of one timeout. */
    private final long timeout;

    private final Map<Long, NodeRequest> pending = new LinkedHashMap<>();
    private long lastNumber;

    NodeRequests(
            long node,
            Backplane backplane,
            ClusterPublisher publisher,
            EventDispatcher events,
            Duration publishTimeout) {
        this.events = events;
        this.node = node;
        this.backplane = backplane;
        this.publisher = publisher;
        timeout = publishTimeout.toNanos();
    }

    /** Publishes a request. It completes when all other nodes with a lease have replied. */
    void send(NodeRequest request) {
        long number = add(request);
        if (number == 0) {
            CompletableFuture<Void> refused =
                    publisher.refuse(Reason.OVERFLOW, "more than " + MAX_PENDING + " requests wait for other nodes");
            refused.exceptionally(failure -> {
                request.fail(PendingPublish.toBackplaneException(failure));
                return null;
            });
            return;
        }
        publisher.send(BackplaneChannel.ALL, request.encode(node, number), null).whenComplete((nothing, failure) -> {
            if (failure == null) {
                askForNodes(number, request);
            } else {
                fail(number, PendingPublish.toBackplaneException(failure));
            }
        });
    }

    /** Adds a request. Returns its number, or 0 if there is no room. */
    private synchronized long add(NodeRequest added) {
        if (pending.size() >= MAX_PENDING) {
            return 0;
        }
        pending.put(++lastNumber, added);
        return lastNumber;
    }

    private void askForNodes(long number, NodeRequest request) {
        backplane.otherNodes().whenComplete((nodes, failure) -> {
            if (failure != null) {
                fail(number, PendingPublish.toBackplaneException(failure));
            } else {
                await(number, request, nodes);
            }
        });
    }

    private void await(long number, NodeRequest request, Set<String> nodes) {
        synchronized (this) {
            request.await(nodes);
        }
        completeIfReplied(number, request);
    }

    /** Records the reply of a node. Called by the thread of the backplane. */
    void reply(long number, String other, NodeReply reply) {
        NodeRequest request;
        synchronized (this) {
            request = pending.get(number);
            if (request == null) {
                return;
            }
            request.receive(other, reply);
        }
        completeIfReplied(number, request);
    }

    private void completeIfReplied(long number, NodeRequest request) {
        synchronized (this) {
            if (!request.isComplete() || pending.remove(number) == null) {
                return;
            }
        }
        request.complete(Set.of());
    }

    private void fail(long number, BackplaneException failure) {
        NodeRequest request = remove(number);
        if (request != null) {
            request.fail(failure);
        }
    }

    private synchronized @Nullable NodeRequest remove(long number) {
        return pending.remove(number);
    }

    /** Asks once more for the nodes, because one may have stopped, and ends overdue requests. */
    void check(long now) {
        DeferredActions then = new DeferredActions();
        synchronized (this) {
            pending.forEach((number, request) -> {
                long age = now - request.begin;
                if (age >= request.timeouts() * timeout) {
                    then.add(() -> end(number));
                } else if (age >= ASK_AGAIN * timeout && !request.askedAgain && request.knowsNodes()) {
                    request.askedAgain = true;
                    then.add(() -> askForNodes(number, request));
                }
            });
        }
        then.run();
    }

    private void end(long number) {
        NodeRequest request;
        Set<String> missing;
        boolean knowsNodes;
        synchronized (this) {
            request = pending.remove(number);
            if (request == null) {
                return;
            }
            missing = request.missing();
            knowsNodes = request.knowsNodes();
        }
        if (knowsNodes) {
            request.complete(missing);
        } else {
            String text = "the backplane did not answer in time which nodes there are";
            BackplaneException failure = new BackplaneException(Reason.UNCERTAIN, text, null);
            events.error(ErrorCode.PUBLISH_FAILED, text, null, failure);
            request.fail(failure);
        }
    }

    /** Fails all waiting requests. */
    void close() {
        List<Long> numbers;
        synchronized (this) {
            numbers = new ArrayList<>(pending.keySet());
        }
        numbers.forEach(
                number -> fail(number, new BackplaneException(Reason.NOT_RUNNING, "the manager is shut down", null)));
    }
}
