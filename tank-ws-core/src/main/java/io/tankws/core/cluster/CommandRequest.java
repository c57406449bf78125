package io.tankws.core.cluster;

import io.tankws.BackplaneException;
import io.tankws.ErrorCode;
import io.tankws.core.concurrent.CallbackStage;
import io.tankws.core.event.EventDispatcher;
import java.util.Set;
import java.util.concurrent.Executor;

/** A command that every other node must confirm. */
final class CommandRequest extends NodeRequest {
    /** Publish, first wait for confirmations, second wait. */
    private static final int TIMEOUTS = 3;

    final CallbackStage<Void> stage;
    private final UserCommand command;
    private final EventDispatcher events;

    CommandRequest(UserCommand command, EventDispatcher events, Executor users) {
        this.command = command;
        this.events = events;
        stage = new CallbackStage<>(users);
    }

    @Override
    byte[] encode(long node, long number) {
        return NodeMessage.command(node, number, command);
    }

    @Override
    int timeouts() {
        return TIMEOUTS;
    }

    @Override
    boolean take(String node, NodeReply reply) {
        return reply instanceof NodeReply.Confirmed;
    }

    @Override
    void complete(Set<String> missing) {
        if (missing.isEmpty()) {
            stage.complete(null);
        } else {
            String text = "a command was not confirmed in time by the nodes " + missing;
            BackplaneException failure = new BackplaneException(BackplaneException.Reason.UNCERTAIN, text, null);
            events.error(ErrorCode.PUBLISH_FAILED, text, null, failure);
            stage.completeExceptionally(failure);
        }
    }

    @Override
    void fail(BackplaneException failure) {
        stage.completeExceptionally(failure);
    }
}
