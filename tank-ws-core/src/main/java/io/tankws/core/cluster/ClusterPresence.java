package io.tankws.core.cluster;

import io.tankws.BackplaneException;
import io.tankws.Message;
import io.tankws.Presence;
import io.tankws.PresenceCounts;
import io.tankws.PresenceMember;
import io.tankws.UserDelivery;
import io.tankws.core.concurrent.TokenBucket;
import io.tankws.core.presence.LocalPresence;
import io.tankws.spi.Backplane;
import io.tankws.spi.support.RunningTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** The presence on all nodes: surveys of this node, answers to those of other nodes, and messages to users. */
final class ClusterPresence {
    /** Maximum number of questions that are answered per second. Above it, they are rejected and reported. */
    static final int MAX_ANSWERS_PER_SECOND = 1000;

    private final long node;
    private final Backplane backplane;
    private final ClusterPublisher publisher;
    private final NodeRequests requests;
    private final LocalPresence local;
    private final int maxMembers;
    private final Executor users;
    private final TokenBucket answers = new TokenBucket(MAX_ANSWERS_PER_SECOND, RunningTime.nanoTime());

    /**
     * Creates the presence of a node.
     *
     * @param maxMembers maximum number of members in an answer
     * @param users executor of the dependent actions of stages
     */
    ClusterPresence(
            long node,
            Backplane backplane,
            ClusterPublisher publisher,
            NodeRequests requests,
            LocalPresence local,
            int maxMembers,
            Executor users) {
        this.node = node;
        this.backplane = backplane;
        this.publisher = publisher;
        this.requests = requests;
        this.local = local;
        this.maxMembers = maxMembers;
        this.users = users;
    }

    CompletionStage<Presence> presence(String topic) {
        return ask(topic, new MemberSurvey(topic, maxMembers, local.members(topic, maxMembers), users));
    }

    CompletionStage<PresenceCounts> presenceCounts(String topic) {
        return ask(topic, new CountSurvey(topic, local.count(topic), users));
    }

    CompletionStage<Boolean> isPresent(String userId) {
        return ask(userId, new ConnectedSurvey(userId, users));
    }

    private <T> CompletionStage<T> ask(String subject, SurveyRequest<T> survey) {
        if (NodeMessage.isEncodable(subject)) {
            requests.send(survey);
        } else {
            survey.fail(new BackplaneException(
                    BackplaneException.Reason.REFUSED,
                    "a user id and a topic of a cluster must be Unicode of at most " + NodeMessage.MAX_TEXT_BYTES
                            + " bytes",
                    null));
        }
        return survey.stage;
    }

    CompletionStage<UserDelivery> sendToUser(String userId, Message message, Runnable localFallback) {
        UserDelivery known = new UserDelivery(local.connections(userId), false);
        CompletableFuture<Void> sent;
        if (!NodeMessage.isEncodable(userId)) {
            sent = publisher.refuse(
                    "a cluster's user id must be Unicode of at most " + NodeMessage.MAX_TEXT_BYTES + " bytes");
        } else if (NodeMessage.bytes(List.of(message)) + NodeMessage.MAX_TEXT_BYTES > NodeMessage.MAX_BYTES) {
            sent = publisher.refuse("a cluster's message to a user must be at least " + NodeMessage.MAX_TEXT_BYTES
                    + " bytes smaller than " + NodeMessage.MAX_BYTES + " bytes, but is larger");
        } else {
            sent = publisher.send(BackplaneChannel.ALL, NodeMessage.userMessage(node, userId, message), localFallback);
        }
        return sent.thenApply(nothing -> known);
    }

    /** Answers a question of another node. Returns {@code false} if too many questions arrive. */
    boolean answer(SurveyQuestion question, long number, long asking) {
        if (!answers.take(RunningTime.nanoTime())) {
            return false;
        }
        String channel = BackplaneChannel.ofNode(ClusterNode.name(asking));
        switch (question.kind()) {
            case MEMBERS -> {
                Presence members = local.members(question.subject(), Math.min(maxMembers, question.max()));
                parts(members).forEach(part -> backplane.publish(channel, PresenceCodec.answer(node, number, part)));
            }
            case COUNT ->
                backplane.publish(channel, PresenceCodec.answer(node, number, local.count(question.subject())));
            case CONNECTED ->
                backplane.publish(
                        channel, PresenceCodec.answer(node, number, local.connections(question.subject()) > 0));
        }
        return true;
    }

    /** Splits members into the parts that fit into one node message each. */
    static List<NodeReply.Members> parts(Presence presence) {
        List<List<PresenceMember>> groups = new ArrayList<>();
        List<PresenceMember> group = new ArrayList<>();
        groups.add(group);
        boolean hasMore = presence.hasMore();
        int bytes = 0;
        for (PresenceMember member : presence.members()) {
            if (!PresenceCodec.isEncodable(member)) {
                hasMore = true;
                continue;
            }
            if (bytes >= PresenceCodec.FULL_BYTES || group.size() == PresenceCodec.MAX_MEMBERS) {
                group = new ArrayList<>();
                groups.add(group);
                bytes = 0;
            }
            group.add(member);
            bytes += PresenceCodec.memberBytes(member);
        }
        List<NodeReply.Members> parts = new ArrayList<>(groups.size());
        for (int i = 0; i < groups.size(); i++) {
            parts.add(new NodeReply.Members(i, i == groups.size() - 1, hasMore, groups.get(i)));
        }
        return parts;
    }
}
