package io.tankws.core.session;

import io.tankws.ErrorCode;
import io.tankws.TopicAction;
import io.tankws.TopicDenial;
import io.tankws.core.authorization.Verdict;

/** The reports of denied subscriptions: an error, and an answer to the client if it is configured. */
final class TopicDenials {
    private TopicDenials() {}

    static void report(ClientSession session, String topic, Verdict verdict) {
        TopicDenial denial = new TopicDenial(TopicAction.SUBSCRIBE, topic, verdict.reason());
        String message = "a subscription was denied: " + verdict.reason();
        session.context.events().error(ErrorCode.AUTHORIZATION_FAILED, message, session, verdict.cause(), denial);
        if (session.context.config().plainReplies()) {
            session.send(session.context.protocol().denial(denial));
        }
    }
}
