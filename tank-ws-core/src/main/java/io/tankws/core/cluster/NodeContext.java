package io.tankws.core.cluster;

import io.tankws.CloseStatus;
import io.tankws.ManagerLimits;
import io.tankws.core.concurrent.Deadlines;
import io.tankws.core.event.EventDispatcher;
import io.tankws.core.flow.FlowControl;
import io.tankws.core.presence.LocalPresence;
import io.tankws.core.protocol.PlainProtocol;
import io.tankws.core.routing.MessageRouter;
import io.tankws.core.routing.Subscriber;
import io.tankws.core.routing.TopicIndex;
import io.tankws.core.routing.TopicSettings;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a manager that its {@link ClusterNode} uses.
 *
 * @param name the manager's name, with which thread names begin
 * @param limits the limits of the manager
 * @param clientCount the number of clients of this node
 * @param clients finds a client by {@link Subscriber#number}; returns {@code null} if it is gone
 * @param presence the clients of this node as queries see them
 * @param maxPresenceMembers the maximum number of members in an answer
 * @param closeUser closes the connections of a user to this node
 * @param userCommands carries out a command on the connections of a user to this node
 * @param authorizeAgain requests new decisions about the subscriptions of this node; does not wait for them
 */
public record NodeContext(
        String name,
        ManagerLimits limits,
        EventDispatcher events,
        Deadlines deadlines,
        FlowControl flow,
        TopicIndex topics,
        TopicSettings settings,
        PlainProtocol protocol,
        MessageRouter router,
        IntSupplier clientCount,
        LongFunction<@Nullable Subscriber> clients,
        LocalPresence presence,
        int maxPresenceMembers,
        BiConsumer<String, CloseStatus> closeUser,
        Consumer<UserCommand> userCommands,
        Runnable authorizeAgain) {}
