package io.tankws.core.cluster;

import io.tankws.Presence;
import io.tankws.PresenceMember;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;

/** The question for the members of a topic. */
final class MemberSurvey extends SurveyRequest<Presence> {
    private final int max;
    private final List<PresenceMember> members;
    /** Number of parts by node. */
    private final Map<String, Integer> parts = new HashMap<>();

    private boolean hasMore;

    MemberSurvey(String topic, int max, Presence local, Executor users) {
        super(new SurveyQuestion(SurveyQuestion.Kind.MEMBERS, topic, max), users);
        this.max = max;
        members = new ArrayList<>(local.members());
        hasMore = local.hasMore();
    }

    @Override
    boolean take(String node, NodeReply reply) {
        // A part follows its predecessor, unless the backplane has lost it. The node then counts as missing.
        if (!(reply instanceof NodeReply.Members answer) || answer.part() != parts.getOrDefault(node, 0)) {
            return false;
        }
        parts.put(node, answer.part() + 1);
        int room = Math.min(max - members.size(), answer.members().size());
        members.addAll(answer.members().subList(0, room));
        hasMore |= answer.hasMore() || room < answer.members().size();
        return answer.isLast();
    }

    @Override
    void complete(Set<String> missing) {
        stage.complete(new Presence(members, hasMore, missing));
    }
}
