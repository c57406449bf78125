package io.tankws.core.cluster;

import io.tankws.BackplaneException;
import io.tankws.core.concurrent.CallbackStage;
import java.util.concurrent.Executor;

/**
 * A question to every other node, with the answers so far.
 *
 * @param <T> type of the result
 */
abstract class SurveyRequest<T> extends NodeRequest {
    final CallbackStage<T> stage;
    private final SurveyQuestion question;

    SurveyRequest(SurveyQuestion question, Executor users) {
        this.question = question;
        stage = new CallbackStage<>(users);
    }

    @Override
    final byte[] encode(long node, long number) {
        return PresenceCodec.question(node, number, question);
    }

    @Override
    final int timeouts() {
        return 1;
    }

    @Override
    final void fail(BackplaneException failure) {
        stage.completeExceptionally(failure);
    }
}
