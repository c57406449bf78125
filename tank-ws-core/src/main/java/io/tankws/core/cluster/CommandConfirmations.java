package io.tankws.core.cluster;

import io.tankws.BackplaneException;
import io.tankws.BackplaneException.Reason;
import io.tankws.ErrorCode;
import io.tankws.core.concurrent.CallbackStage;
import io.tankws.core.concurrent.DeferredActions;
import io.tankws.core.event.EventDispatcher;
import io.tankws.spi.Backplane;
import io.tankws.spi.support.RunningTime;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The commands of this node that wait for the confirmations of the other nodes. The nodes are asked for after the
 * command has been published, so a node that the answer lacks has either received the command or had no lease.
 */
final class CommandConfirmations {
    /** Maximum number of waiting commands. A further one fails. */
    static final int MAX_PENDING = 1024;
    /** Maximum number of confirmations of a command before the nodes are known. Further ones are forged. */
    private static final int MAX_EARLY = 4096;

    private final long node;
    private final Backplane backplane;
    private final ClusterPublisher publisher;
    private final EventDispatcher events;
    private final Executor users;
    /** Nanoseconds of one step: publish, first wait for confirmations, second wait. */
    private final long step;

    private final Map<Long, Pending> pending = new LinkedHashMap<>();
    private long lastNumber;

    private final class Pending {
        final long number;
        final CallbackStage<Void> stage = new CallbackStage<>(users);
        final long begin = RunningTime.nanoTime();
        final Set<String> confirmed = new HashSet<>();
        /** Nodes that must confirm, or {@code null} as long as they are not known. */
        @Nullable
        Set<String> awaited;

        boolean askedAgain;

        Pending(long number) {
            this.number = number;
        }

        Set<String> missing() {
            Set<String> missing = new TreeSet<>(awaited == null ? Set.of() : awaited);
            missing.removeAll(confirmed);
            return missing;
        }
    }

    CommandConfirmations(
            long node,
            Backplane backplane,
            ClusterPublisher publisher,
            EventDispatcher events,
            Duration publishTimeout,
            Executor users) {
        this.events = events;
        this.node = node;
        this.backplane = backplane;
        this.publisher = publisher;
        this.users = users;
        step = publishTimeout.toNanos();
    }

    /** Publishes a command. Returns a stage that completes when all other nodes with a lease have confirmed it. */
    CompletionStage<Void> send(UserCommand command) {
        if (!isEncodable(command.userId()) || !isEncodable(command.topic())) {
            return publisher.refuse("a user id and a topic of a cluster must be Unicode of at most "
                    + NodeMessage.MAX_TEXT_BYTES + " bytes");
        }
        Pending added = add();
        if (added == null) {
            return publisher.refuse(Reason.OVERFLOW, "more than " + MAX_PENDING + " commands wait for other nodes");
        }
        publisher
                .send(BackplaneChannel.ALL, NodeMessage.command(node, added.number, command), null)
                .whenComplete((nothing, failure) -> {
                    if (failure == null) {
                        askForNodes(added);
                    } else {
                        fail(added, PendingPublish.toBackplaneException(failure));
                    }
                });
        return added.stage;
    }

    private static boolean isEncodable(String text) {
        return NodeMessage.fits(text) && StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    private synchronized @Nullable Pending add() {
        if (pending.size() >= MAX_PENDING) {
            return null;
        }
        Pending added = new Pending(++lastNumber);
        pending.put(added.number, added);
        return added;
    }

    private void askForNodes(Pending command) {
        backplane.otherNodes().whenComplete((nodes, failure) -> {
            if (failure != null) {
                fail(command, PendingPublish.toBackplaneException(failure));
            } else {
                await(command, nodes);
            }
        });
    }

    private void await(Pending command, Set<String> nodes) {
        synchronized (this) {
            command.awaited = Set.copyOf(nodes);
        }
        completeIfConfirmed(command);
    }

    /** Records the confirmation of a node. Called by the thread of the backplane. */
    void confirmed(long number, String other) {
        Pending command;
        synchronized (this) {
            command = pending.get(number);
            if (command == null || command.awaited == null && command.confirmed.size() >= MAX_EARLY) {
                return;
            }
            command.confirmed.add(other);
        }
        completeIfConfirmed(command);
    }

    private void completeIfConfirmed(Pending command) {
        synchronized (this) {
            if (command.awaited == null || !command.missing().isEmpty() || pending.remove(command.number) == null) {
                return;
            }
        }
        command.stage.complete(null);
    }

    private void fail(Pending command, BackplaneException failure) {
        synchronized (this) {
            if (pending.remove(command.number) == null) {
                return;
            }
        }
        command.stage.completeExceptionally(failure);
    }

    /** Asks once more for the nodes, because one may have stopped, and fails overdue commands. */
    void check(long now) {
        DeferredActions then = new DeferredActions();
        synchronized (this) {
            for (Pending command : pending.values()) {
                long age = now - command.begin;
                if (age >= 3 * step) {
                    Set<String> missing = command.missing();
                    then.add(() -> failLate(command, missing));
                } else if (age >= 2 * step && !command.askedAgain && command.awaited != null) {
                    command.askedAgain = true;
                    then.add(() -> askForNodes(command));
                }
            }
        }
        then.run();
    }

    private void failLate(Pending command, Set<String> missing) {
        String text = missing.isEmpty()
                ? "the backplane did not answer a command in time"
                : "a command was not confirmed in time by the nodes " + missing;
        BackplaneException failure = new BackplaneException(Reason.UNCERTAIN, text, null);
        events.error(ErrorCode.PUBLISH_FAILED, text, null, failure);
        fail(command, failure);
    }

    /** Fails all waiting commands. */
    void close() {
        List<Pending> remaining;
        synchronized (this) {
            remaining = new ArrayList<>(pending.values());
        }
        remaining.forEach(
                command -> fail(command, new BackplaneException(Reason.NOT_RUNNING, "the manager is shut down", null)));
    }
}
