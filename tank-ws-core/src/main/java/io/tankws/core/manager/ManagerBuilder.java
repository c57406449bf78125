package io.tankws.core.manager;

import io.tankws.Authenticator;
import io.tankws.BinaryRelay;
import io.tankws.ClientLimits;
import io.tankws.ClusterConfig;
import io.tankws.Manager;
import io.tankws.ManagerLimits;
import io.tankws.MessageHandler;
import io.tankws.OverflowPolicy;
import io.tankws.TopicAuthorizer;
import io.tankws.TopicConfigurer;
import io.tankws.Upgrader;
import io.tankws.UserLimitPolicy;
import io.tankws.core.config.ClusterSpec;
import io.tankws.core.config.HeartbeatConfig;
import io.tankws.core.config.ManagerConfig;
import io.tankws.core.selection.BackplaneSelector;
import io.tankws.spi.BackplaneProvider;
import io.tankws.spi.support.LogText;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

public final class ManagerBuilder implements Manager.Builder {
    private static final AtomicInteger COUNT = new AtomicInteger();

    /** Maximum length of a name, in characters. The names of all threads begin with it. */
    private static final int MAX_NAME_LENGTH = 64;

    /** Name, or {@code null} for a numbered one. */
    private @Nullable String name;

    private ManagerLimits limits = ManagerLimits.defaults();
    private ClientLimits clientLimits = ClientLimits.defaults();
    private OverflowPolicy overflowPolicy = OverflowPolicy.DISCONNECT;
    private UserLimitPolicy userLimitPolicy = UserLimitPolicy.REFUSE;
    /** Message handler, or {@code null} for the relay. */
    private @Nullable MessageHandler handler;

    private BinaryRelay binaryRelay = BinaryRelay.AS_TEXT;
    private Upgrader upgrader;
    /** Authenticator, or {@code null} to admit all clients. */
    private @Nullable Authenticator authenticator;

    /** Authorizer of actions on topics, or {@code null} to allow all actions. */
    private @Nullable TopicAuthorizer topicAuthorizer;

    /** Function from topics to their options, or {@code null} if none has options. */
    private @Nullable TopicConfigurer topicConfigurer;

    private boolean plainReplies;
    private String greeting = "Hello, {userId}! Welcome to WebSocket server.";
    private String farewell = "Server is shutting down";
    /** Heartbeat, or {@code null} for none. */
    private @Nullable HeartbeatConfig heartbeat;

    private boolean debug;
    /** Cluster, or {@code null} for a standalone manager. */
    private @Nullable ClusterConfig cluster;
    /** Provider of the backplane, or {@code null} for the one of the cluster URI. */
    private final @Nullable BackplaneProvider backplane;

    /**
     * Creates a builder with the defaults.
     *
     * @param backplane provider of the backplane, or {@code null} for the one of the cluster URI
     */
    public ManagerBuilder(Upgrader upgrader, @Nullable BackplaneProvider backplane) {
        this.upgrader = upgrader;
        this.backplane = backplane;
    }

    @Override
    public Manager.Builder limits(ManagerLimits limits) {
        this.limits = Objects.requireNonNull(limits, "limits");
        return this;
    }

    @Override
    public Manager.Builder clientLimits(ClientLimits limits) {
        clientLimits = Objects.requireNonNull(limits, "limits");
        return this;
    }

    @Override
    public Manager.Builder overflowPolicy(OverflowPolicy policy) {
        overflowPolicy = Objects.requireNonNull(policy, "policy");
        return this;
    }

    @Override
    public Manager.Builder whenUserLimitIsReached(UserLimitPolicy policy) {
        userLimitPolicy = Objects.requireNonNull(policy, "policy");
        return this;
    }

    @Override
    public Manager.Builder messageHandler(MessageHandler handler) {
        this.handler = Objects.requireNonNull(handler, "handler");
        return this;
    }

    @Override
    public Manager.Builder binaryRelay(BinaryRelay mode) {
        binaryRelay = Objects.requireNonNull(mode, "mode");
        return this;
    }

    @Override
    public Manager.Builder upgrader(Upgrader upgrader) {
        this.upgrader = Objects.requireNonNull(upgrader, "upgrader");
        return this;
    }

    @Override
    public Manager.Builder authenticator(Authenticator authenticator) {
        this.authenticator = Objects.requireNonNull(authenticator, "authenticator");
        return this;
    }

    @Override
    public Manager.Builder topicAuthorizer(TopicAuthorizer authorizer) {
        topicAuthorizer = Objects.requireNonNull(authorizer, "authorizer");
        return this;
    }

    @Override
    public Manager.Builder topicConfigurer(TopicConfigurer configurer) {
        topicConfigurer = Objects.requireNonNull(configurer, "configurer");
        return this;
    }

    @Override
    public Manager.Builder plainReplies(boolean enabled) {
        plainReplies = enabled;
        return this;
    }

    @Override
    public Manager.Builder greeting(String template) {
        greeting = Objects.requireNonNull(template, "template");
        return this;
    }

    @Override
    public Manager.Builder farewell(String text) {
        farewell = Objects.requireNonNull(text, "text");
        return this;
    }

    @Override
    public Manager.Builder heartbeat(Duration interval, Duration timeout) {
        heartbeat = HeartbeatConfig.of(interval, timeout);
        return this;
    }

    @Override
    public Manager.Builder debug(boolean enabled) {
        debug = enabled;
        return this;
    }

    @Override
    public Manager.Builder cluster(ClusterConfig cluster) {
        this.cluster = Objects.requireNonNull(cluster, "cluster");
        return this;
    }

    @Override
    public Manager.Builder name(String name) {
        // A backslash is escaped in logs too, but does not break a line.
        String plain = name.replace('\\', '/');
        if (plain.isBlank()
                || plain.length() > MAX_NAME_LENGTH
                || !LogText.escape(plain).equals(plain)) {
            throw new IllegalArgumentException("the name of a manager must have 1 to " + MAX_NAME_LENGTH
                    + " characters, none of them a control character, but was " + LogText.escape(name));
        }
        this.name = name;
        return this;
    }

    @Override
    public Manager build() {
        String chosen = name != null ? name : "tank-ws-" + COUNT.incrementAndGet();
        if (backplane != null && cluster == null) {
            throw new IllegalStateException(
                    "a backplane was given, but no cluster: say cluster(ClusterConfig.of(name, uri))");
        }
        DefaultManager manager = new DefaultManager(new ManagerConfig(
                chosen,
                limitsFor(clientLimits),
                clientLimits,
                overflowPolicy,
                userLimitPolicy,
                handler,
                binaryRelay,
                upgrader,
                authenticator,
                topicAuthorizer,
                topicConfigurer,
                plainReplies,
                greeting,
                farewell,
                cluster == null ? null : clusterSpec(cluster)));
        if (heartbeat != null) {
            manager.heartbeat(heartbeat);
        }
        if (debug) {
            manager.enableDebug();
        }
        return manager;
    }

    private ClusterSpec clusterSpec(ClusterConfig cluster) {
        return new ClusterSpec(cluster, backplane != null ? backplane : BackplaneSelector.select(cluster));
    }

    /**
     * Raises the default of {@code partialMessageBytes} to the largest message of a client, and refuses a lower
     * setting.
     */
    private ManagerLimits limitsFor(ClientLimits client) {
        int partial = limits.partialMessageBytes();
        int message = client.maxMessageBytes();
        if (partial >= message) {
            return limits;
        }
        if (partial != ManagerLimits.defaults().partialMessageBytes()) {
            throw new IllegalArgumentException(
                    "partialMessageBytes must be at least maxMessageBytes, " + message + ", but was " + partial);
        }
        return limits.toBuilder().partialMessageBytes(message).build();
    }
}
