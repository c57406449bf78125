package io.tankws.core.support;

import io.tankws.Authenticator;
import io.tankws.BinaryRelay;
import io.tankws.ClientLimits;
import io.tankws.CloseStatus;
import io.tankws.HandshakeRequest;
import io.tankws.ManagerLimits;
import io.tankws.MessageHandler;
import io.tankws.OverflowPolicy;
import io.tankws.TopicAuthorizer;
import io.tankws.TopicConfigurer;
import io.tankws.Upgrader;
import io.tankws.UserLimitPolicy;
import io.tankws.core.config.ManagerConfig;
import io.tankws.core.manager.DefaultManager;
import io.tankws.core.manager.ManagerContext;
import io.tankws.core.session.Admission;
import io.tankws.core.session.ClientSession;
import io.tankws.core.session.ConnectionQuota;
import io.tankws.core.session.SessionContext;
import io.tankws.core.session.SessionSpec;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;

/** Contexts of managers without a transport, for tests of single parts. */
public final class ManagerContexts {
    private static final AtomicLong NUMBERS = new AtomicLong();

    private ManagerContexts() {}

    public static ManagerContext newContext(
            OverflowPolicy policy, MessageHandler handler, Consumer<ClientLimits.Builder> limits) {
        return newContext(policy, handler, limits, null);
    }

    /** A context with options of topics, if the configurer is not {@code null}. */
    public static ManagerContext newContext(
            OverflowPolicy policy,
            MessageHandler handler,
            Consumer<ClientLimits.Builder> limits,
            TopicConfigurer configurer) {
        ClientLimits.Builder builder = ClientLimits.builder();
        limits.accept(builder);
        return new ManagerContext(
                settings(ManagerLimits.defaults(), builder.build(), policy, handler, null, null, configurer));
    }

    /** A context that relays, with options of topics. */
    public static ManagerContext newContext(TopicConfigurer configurer) {
        return new ManagerContext(settings(
                ManagerLimits.defaults(),
                ClientLimits.defaults(),
                OverflowPolicy.DISCONNECT,
                null,
                null,
                null,
                configurer));
    }

    /** A context that relays, with options of topics and bounds of their histories. */
    public static ManagerContext remembering(ManagerLimits limits, TopicConfigurer configurer) {
        return new ManagerContext(
                settings(limits, ClientLimits.defaults(), OverflowPolicy.DISCONNECT, null, null, null, configurer));
    }

    /** A context that relays, with an authorizer of topics. */
    public static ManagerContext newContext(ManagerLimits limits, TopicAuthorizer authorizer) {
        return new ManagerContext(
                settings(limits, ClientLimits.defaults(), OverflowPolicy.DISCONNECT, null, null, authorizer, null));
    }

    private static ManagerConfig settings(
            ManagerLimits limits,
            ClientLimits clientLimits,
            OverflowPolicy policy,
            MessageHandler handler,
            Authenticator authenticator,
            TopicAuthorizer topicAuthorizer,
            TopicConfigurer topicConfigurer) {
        return new ManagerConfig(
                "test",
                limits,
                clientLimits,
                policy,
                UserLimitPolicy.REFUSE,
                handler,
                BinaryRelay.AS_TEXT,
                Upgrader.defaults(),
                authenticator,
                topicAuthorizer,
                topicConfigurer,
                false,
                "",
                "farewell",
                null);
    }

    /**
     * Starts a manager whose threads for user code come from a factory.
     *
     * @param handler handler of messages, or {@code null} if messages are relayed
     * @param authenticator authenticator, or {@code null} if all clients are accepted
     */
    public static DefaultManager manager(
            ManagerLimits limits,
            MessageHandler handler,
            Authenticator authenticator,
            Function<String, ThreadFactory> factories) {
        DefaultManager manager = new DefaultManager(
                settings(
                        limits, ClientLimits.defaults(), OverflowPolicy.DISCONNECT, handler, authenticator, null, null),
                factories);
        manager.start();
        return manager;
    }

    public static ManagerContext newContext() {
        return newContext(OverflowPolicy.DISCONNECT, null, limits -> {});
    }

    public static ClientSession session(ManagerContext context, String userId) {
        return session(context, NUMBERS.incrementAndGet(), userId);
    }

    public static ClientSession session(ManagerContext context, long number, String userId) {
        ConnectionQuota.Permit permit = new ConnectionQuota(user -> 0, user -> List.of())
                .newPermit(InetSocketAddress.createUnresolved("192.0.2.1", 1));
        return session(context, number, userId, permit);
    }

    public static ClientSession session(
            SessionContext context, long number, String userId, ConnectionQuota.Permit permit) {
        HandshakeRequest request = HandshakeRequest.builder("/ws", InetSocketAddress.createUnresolved("192.0.2.1", 1))
                .build();
        return new ClientSession(
                context,
                new SessionSpec(
                        number,
                        new Admission.Terms(
                                userId,
                                Map.of(),
                                Optional.empty(),
                                context.config().clientLimits(),
                                Optional.empty()),
                        request,
                        Optional.empty(),
                        permit,
                        null,
                        null));
    }

    /** Terminates a context after all its connections have ended, so that it does not wait for their ends. */
    public static void terminate(ManagerContext context) {
        for (ClientSession session : context.registry.sessions()) {
            session.inboundHandler.onClose(CloseStatus.ABNORMAL);
        }
        context.terminate(Duration.ofSeconds(10));
    }

    public static ClientSession open(ManagerContext context, String userId, FakeConnection connection) {
        ClientSession session = session(context, userId);
        session.inboundHandler.onOpen(connection);
        return session;
    }
}
