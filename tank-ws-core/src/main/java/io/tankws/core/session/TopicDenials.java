package io.tankws.core.session;

import io.tankws.ErrorCode;
import io.tankws.TopicAction;
import io.tankws.TopicDenial;
import io.tankws.TopicRequest;
import io.tankws.core.authorization.Verdict;
import java.util.Locale;

/** The reports of denied actions: an error, and an answer to the client if it is configured. */
final class TopicDenials {
    private TopicDenials() {}

    /** Reports a subscription that has ended. */
    static void report(ClientSession session, String topic, Verdict verdict) {
        report(session, new TopicRequest(session, TopicAction.SUBSCRIBE, topic), verdict);
    }

    /** Reports a denied request. A protocol other than the plain one answers on its own. */
    static void report(ClientSession session, TopicRequest request, Verdict verdict) {
        TopicAction action = request.action();
        TopicDenial denial = new TopicDenial(action, request.topic(), verdict.reason());
        String name = action == TopicAction.SUBSCRIBE
                ? "a subscription"
                : "the action " + action.name().toLowerCase(Locale.ROOT);
        session.context
                .events()
                .error(
                        ErrorCode.AUTHORIZATION_FAILED,
                        name + " was denied: " + verdict.reason(),
                        session,
                        verdict.cause(),
                        denial);
        if (session.context.config().plainReplies() && session.link == null) {
            session.send(session.context.protocol().denial(denial));
        }
    }
}
