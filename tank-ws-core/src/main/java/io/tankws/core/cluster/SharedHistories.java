package io.tankws.core.cluster;

import io.tankws.HistoryQuery;
import io.tankws.HistoryResult;
import io.tankws.TopicOptions;
import io.tankws.core.concurrent.CallbackStage;
import io.tankws.core.routing.DeferredStart;
import io.tankws.core.routing.FirstMessages;
import io.tankws.core.routing.MemoryStart;
import io.tankws.core.routing.Subscriber;
import io.tankws.core.routing.SubscriptionStart;
import io.tankws.core.routing.TopicHistories;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The histories of the topics of a cluster, which its nodes share. */
final class SharedHistories implements TopicHistories {
    private final NodeContext context;
    private final ChannelRegistry channels;
    private final FollowedTopics followed;
    private final Executor users;

    /**
     * Creates the histories.
     *
     * @param users executor of the actions that depend on stages
     */
    SharedHistories(NodeContext context, ChannelRegistry channels, FollowedTopics followed, Executor users) {
        this.context = context;
        this.channels = channels;
        this.followed = followed;
        this.users = users;
    }

    /** A topic with history always has a start, so that the node follows it. */
    @Override
    public boolean needsStart(TopicOptions options) {
        return options.hasHistory();
    }

    @Override
    public SubscriptionStart start(Subscriber subscriber, FirstMessages first) {
        return first.options().hasHistory()
                ? new DeferredStart(
                        () -> channels.follower(first.topic()),
                        context.events(),
                        context.protocol(),
                        subscriber,
                        first,
                        new CallbackStage<>(users))
                : new MemoryStart(first);
    }

    @Override
    public CompletionStage<HistoryResult> readMissed(String topic, HistoryQuery query) {
        return followed.read(topic, query);
    }

    @Override
    public CompletionStage<HistoryResult> read(String topic, HistoryQuery query) {
        return stage(followed.read(topic, query));
    }

    @Override
    public CompletionStage<Void> remove(String topic) {
        return stage(followed.store().remove(topic));
    }

    private <T extends @Nullable Object> CompletionStage<T> stage(CompletionStage<T> answer) {
        CallbackStage<T> stage = new CallbackStage<>(users);
        answer.whenComplete((result, failure) -> {
            if (failure == null) {
                stage.complete(result);
            } else {
                stage.completeExceptionally(PendingPublish.toBackplaneException(failure));
            }
        });
        return stage;
    }
}
