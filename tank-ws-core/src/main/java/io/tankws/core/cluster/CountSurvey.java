package io.tankws.core.cluster;

import io.tankws.PresenceCounts;
import io.tankws.core.presence.UserCount;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executor;

/** The question for the numbers of members and users of a topic. */
final class CountSurvey extends SurveyRequest<PresenceCounts> {
    private long connections;
    /** Hashes of the users of the nodes that send them. */
    private final Set<Long> hashes = new HashSet<>();
    /** Sum of the users of the other nodes. */
    private long uncomparedUsers;

    CountSurvey(String topic, UserCount local, Executor users) {
        super(new SurveyQuestion(SurveyQuestion.Kind.COUNT, topic, 0), users);
        add(local);
    }

    private void add(UserCount count) {
        connections = LossReporter.plus(connections, count.connections());
        if (count.isComparable()) {
            for (long hash : count.userHashes()) {
                hashes.add(hash);
            }
        } else {
            uncomparedUsers = LossReporter.plus(uncomparedUsers, count.users());
        }
    }

    @Override
    boolean take(String node, NodeReply reply) {
        if (reply instanceof NodeReply.Count answer) {
            add(answer.count());
            return true;
        }
        return false;
    }

    @Override
    void complete(Set<String> missing) {
        long users = LossReporter.plus(hashes.size(), uncomparedUsers);
        stage.complete(new PresenceCounts(connections, users, uncomparedUsers == 0, missing));
    }
}
