package io.tankws.core.cluster;

import io.tankws.BackplaneException;
import java.util.Set;
import java.util.concurrent.Executor;

/** The question whether a user has a connection to any node. */
final class ConnectedSurvey extends SurveyRequest<Boolean> {
    private boolean isConnected;

    ConnectedSurvey(String userId, Executor users) {
        super(new SurveyQuestion(SurveyQuestion.Kind.CONNECTED, userId, 0), users);
    }

    @Override
    boolean take(String node, NodeReply reply) {
        if (reply instanceof NodeReply.Connected answer) {
            isConnected |= answer.isConnected();
            return true;
        }
        return false;
    }

    @Override
    boolean isDecided() {
        return isConnected;
    }

    @Override
    void complete(Set<String> missing) {
        if (isConnected || missing.isEmpty()) {
            stage.complete(isConnected);
        } else {
            fail(new BackplaneException(
                    BackplaneException.Reason.UNCERTAIN,
                    "no node has a connection of the user, but the nodes " + missing + " did not answer in time",
                    null));
        }
    }
}
