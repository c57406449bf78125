package io.tankws.core.routing;

import io.tankws.TopicAuthorizer;
import io.tankws.TopicConfigurer;
import io.tankws.TopicDecision;
import io.tankws.TopicOptions;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The options of the topics of a manager, as its {@link TopicConfigurer} determines them. */
public final class TopicSettings {
    /** Maximum number of topics whose options are remembered. When it is reached, all of them are asked for again. */
    static final int MAX_REMEMBERED = 10_000;

    /** Configurer, or {@code null} if no topic has options. */
    private final @Nullable TopicConfigurer configurer;

    private final Map<String, TopicOptions> remembered = new ConcurrentHashMap<>();

    /**
     * Creates the settings.
     *
     * @param configurer configurer, or {@code null} if no topic has options
     */
    public TopicSettings(@Nullable TopicConfigurer configurer) {
        this.configurer = configurer;
    }

    /** Returns whether topics may have options. */
    public boolean isConfigured() {
        return configurer != null;
    }

    /** Returns whether {@link #of} does not call the configurer. */
    public boolean isKnown(String topic) {
        return configurer == null || remembered.containsKey(topic);
    }

    /** Returns the options of a topic. May call the configurer, so the caller must hold no lock. */
    public TopicOptions of(String topic) {
        if (configurer == null) {
            return TopicOptions.NONE;
        }
        TopicOptions known = remembered.get(topic);
        return known != null ? known : ask(configurer, topic);
    }

    private TopicOptions ask(TopicConfigurer configurer, String topic) {
        TopicOptions options = configurer.optionsOf(topic);
        if (options == null) {
            throw new NullPointerException(
                    "the topic configurer returned null; return TopicOptions.NONE for a topic" + " without options");
        }
        if (remembered.size() >= MAX_REMEMBERED) {
            remembered.clear();
        }
        remembered.put(topic, options);
        return options;
    }

    /**
     * Returns an authorizer that asks for the options of a topic before the decision. The subscriptions of clients then
     * find them, and the configurer never runs on a thread of a transport.
     *
     * @param next authorizer that decides, or {@code null} to allow all actions
     */
    public TopicAuthorizer askingBefore(@Nullable TopicAuthorizer next) {
        return request -> {
            of(request.topic());
            return next == null ? CompletableFuture.completedStage(TopicDecision.allowed()) : next.authorize(request);
        };
    }
}
