package io.tankws.core.session;

import io.tankws.core.authorization.TopicAuthorization;
import io.tankws.core.concurrent.TimedUserCalls;
import io.tankws.core.config.ManagerConfig;
import io.tankws.core.event.Counters;
import io.tankws.core.event.EventDispatcher;
import io.tankws.core.flow.FlowControl;
import io.tankws.core.flow.PieceSize;
import io.tankws.core.outbox.OutboxContext;
import io.tankws.core.presence.ClusterPresenceView;
import io.tankws.core.presence.PresenceContext;
import io.tankws.core.protocol.PlainProtocol;
import io.tankws.core.routing.CatchUpReader;
import io.tankws.core.routing.Distributor;
import io.tankws.core.routing.TopicHistories;
import io.tankws.core.routing.TopicIndex;
import io.tankws.core.routing.TopicSettings;
import io.tankws.spi.ByteBudget;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The parts of a manager that its sessions share. */
public interface SessionContext {
    /** Returns the settings of the manager. */
    ManagerConfig config();

    /** Returns the counters of the manager. */
    Counters counters();

    /** Returns where events and errors are reported. */
    EventDispatcher events();

    /** Returns the open sessions. */
    ClientRegistry registry();

    /** Returns the topics of this node. */
    TopicIndex topics();

    /** Returns the options of the topics. */
    TopicSettings topicSettings();

    /** Returns the histories of the topics. */
    TopicHistories histories();

    /** Returns the presence on all nodes. */
    ClusterPresenceView presenceView();

    /** Returns the parts that the members of topics share. */
    PresenceContext presence();

    /** Returns the protocol of the clients. */
    PlainProtocol protocol();

    /** Returns the router to the clients of all nodes. */
    Distributor distributor();

    /** Returns the flow control of senders. */
    FlowControl flow();

    /** Returns the bounds of one piece of relayed messages. */
    PieceSize pieces();

    /** Returns the parts that all outboxes share. */
    OutboxContext outboxes();

    /** Returns the reader of histories for clients that are behind. */
    CatchUpReader catchUps();

    /** Returns the executor of the message handler. */
    Executor handlers();

    /** Returns the calls of the topic authorizer, or {@code null} if all actions are allowed. */
    @Nullable
    TopicAuthorization authorization();

    /**
     * Returns whether an action on a topic needs a decision. Without an authorizer, it needs one only if the topic
     * configurer must be asked, which must not run on the thread of a transport.
     */
    default boolean needsDecision(String topic) {
        return authorization() != null
                && (config().topicAuthorizer() != null || !topicSettings().isKnown(topic));
    }

    /** Returns the parts that the outboxes of other protocols share. No policy drops their messages. */
    OutboxContext protocolOutboxes();

    /** Returns the calls of user code that decides on identities. */
    TimedUserCalls identityCalls();

    /** Returns the subscriptions whose permission expires, or {@code null} without a topic authorizer. */
    @Nullable
    SubscriptionExpiry expiry();

    /** Returns the budget of partially received messages. */
    ByteBudget partialMessages();

    /** Returns the shutdown of all sessions. */
    SessionShutdown shutdown();

    /** Returns whether clients get pings. */
    boolean isHeartbeating();
}
