package io.tankws.testkit.contract;

import io.tankws.HistoryQuery;
import io.tankws.HistoryResult;
import io.tankws.Publication;
import io.tankws.PublishOptions;
import io.tankws.StreamPosition;
import io.tankws.TopicOptions;
import io.tankws.spi.AppendResult;
import io.tankws.spi.Backplane;
import io.tankws.spi.BackplaneListener;
import io.tankws.spi.HistoryStore;
import io.tankws.testkit.Await;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** The history of one backplane as a {@link HistoryStore}, whose close is that of the backplane. */
public final class BackplaneHistoryStore implements HistoryStore {
    private final Backplane backplane;
    private final HistoryStore history;

    private BackplaneHistoryStore(Backplane backplane) {
        this.backplane = backplane;
        history = backplane.history().orElseThrow();
    }

    /**
     * Starts a backplane and waits until it is connected.
     *
     * @param backplane a backplane with a history
     * @return its history
     */
    public static HistoryStore of(Backplane backplane) {
        ConnectionWait listener = new ConnectionWait();
        backplane.start(listener);
        Await.until("the backplane is connected", () -> listener.connected);
        return new BackplaneHistoryStore(backplane);
    }

    @Override
    public CompletionStage<AppendResult> append(
            Publication publication, TopicOptions topicOptions, PublishOptions options) {
        return history.append(publication, topicOptions, options);
    }

    @Override
    public CompletionStage<HistoryResult> read(String topic, HistoryQuery query) {
        return history.read(topic, query);
    }

    @Override
    public CompletionStage<StreamPosition> top(String topic) {
        return history.top(topic);
    }

    @Override
    public CompletionStage<Void> remove(String topic) {
        return history.remove(topic);
    }

    @Override
    public void close() {
        backplane.close(Await.timeout());
    }

    /** A listener that notices the connection. */
    private static final class ConnectionWait implements BackplaneListener {
        volatile boolean connected;

        @Override
        public void onMessage(String channel, byte[] message) {}

        @Override
        public void onReadComplete() {}

        @Override
        public void onConnected(Continuity continuity) {
            connected = true;
        }

        @Override
        public void onDisconnected(Throwable cause, Duration since) {
            connected = false;
        }

        @Override
        public void onReconnectFailed(Throwable cause) {}
    }
}
