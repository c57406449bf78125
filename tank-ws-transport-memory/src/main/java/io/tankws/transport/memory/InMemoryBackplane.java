package io.tankws.transport.memory;

import io.tankws.BackplaneException;
import io.tankws.BackplaneException.Reason;
import io.tankws.Publication;
import io.tankws.spi.Backplane;
import io.tankws.spi.BackplaneConfig;
import io.tankws.spi.BackplaneListener;
import io.tankws.spi.HistoryStore;
import io.tankws.spi.SharedHistoryStore;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The backplane of one node, connected to an {@link InMemoryHub}. The hub guards its state. A thread of the node
 * calls the listener.
 */
@SuppressWarnings("SynchronizeOnNonFinalField") // the hub is set once, before any call that locks it
final class InMemoryBackplane implements Backplane {
    private static final int MAX_QUEUED = 65536;
    private static final String CLOSED = "the backplane is closed";
    private static final String FULL = "more than " + MAX_QUEUED + " messages are queued";

    private final BackplaneConfig config;
    private final TaskThread thread;
    /** Requested channels, each with the callback that reports its subscription. */
    private final Map<String, Runnable> requested = new LinkedHashMap<>();

    @SuppressWarnings("NullAway.Init") // set by start
    private InMemoryHub hub;

    private boolean connected;
    private boolean disconnectReported;
    private boolean closed;

    @SuppressWarnings("NullAway.Init") // set by start
    private BackplaneListener listener;

    private final InMemoryHistory history = new InMemoryHistory(this);

    /** True if the listener has got a message since the last end of a read. Used by the thread only. */
    private boolean messageReported;

    InMemoryBackplane(BackplaneConfig config) {
        this.config = config;
        thread = new TaskThread(config.threadNamePrefix() + "-backplane", this::reportReadComplete);
    }

    String node() {
        return config.node();
    }

    @Override
    public void start(BackplaneListener listener) {
        if (this.listener != null) {
            throw new IllegalStateException("a backplane must be started once only");
        }
        // The thread starts first, so that a start without a free thread changes nothing.
        thread.start();
        this.listener = listener;
        hub = InMemoryHub.open(config.uri(), config.cluster());
        hub.join(this);
    }

    @Override
    public CompletionStage<Void> publish(String channel, byte[] message) {
        return answer(() -> {
            hub.publish(this, channel, message);
            return null;
        });
    }

    @Override
    public CompletionStage<Void> publishCounts(Map<String, Long> figures, Duration time) {
        return answer(() -> {
            hub.lease(this, figures, time);
            return null;
        });
    }

    @Override
    public CompletionStage<Long> sumAcrossOtherNodes(String figure) {
        return answer(() -> hub.sumOfOthers(this, figure));
    }

    @Override
    public CompletionStage<Set<String>> otherNodes() {
        return answer(() -> hub.otherNodes(this));
    }

    /** Runs a request at once. The stage completes on the thread, after the listener calls that were queued before. */
    private <T> CompletionStage<T> answer(Supplier<T> request) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        synchronized (hub) {
            if (closed || isFull()) {
                Reason reason = closed ? Reason.UNREACHABLE : Reason.REFUSED;
                return CompletableFuture.failedFuture(new BackplaneException(reason, closed ? CLOSED : FULL, null));
            }
            try {
                T result = request.get();
                thread.add(() -> answer.complete(result));
            } catch (BackplaneException e) {
                thread.add(() -> answer.completeExceptionally(e));
            }
        }
        return answer;
    }

    @Override
    public Optional<SharedHistoryStore> history() {
        return Optional.of(history);
    }

    /** Runs a request to the history on the thread, which holds no lock of the core, unlike the caller. */
    <T> CompletionStage<T> answerLater(Function<InMemoryHub, T> request) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        synchronized (hub) {
            if (closed || isFull()) {
                return CompletableFuture.failedFuture(
                        closed
                                ? new BackplaneException(Reason.NOT_RUNNING, CLOSED, null)
                                : new BackplaneException(Reason.REFUSED, FULL, null));
            }
            thread.add(() -> {
                try {
                    // The stage completes outside of the lock of the hub.
                    answer.complete(request.apply(hub));
                } catch (RuntimeException | Error e) {
                    answer.completeExceptionally(e);
                }
            });
        }
        return answer;
    }

    HistoryStore createHistory() {
        return config.memoryHistory().get();
    }

    String channelOf(String topic) {
        return config.topicChannelPrefix() + topic;
    }

    @Override
    public void subscribe(String channel, Runnable onSubscribed) {
        synchronized (hub) {
            requested.put(channel, onSubscribed);
            if (connected) {
                callListener(onSubscribed);
            }
        }
    }

    @Override
    public void unsubscribe(String channel) {
        synchronized (hub) {
            requested.remove(channel);
        }
    }

    @Override
    public void close(Duration timeout) {
        if (hub == null) {
            return;
        }
        synchronized (hub) {
            if (closed) {
                return;
            }
            hub.leave(this);
            closed = true;
            connected = false;
        }
        thread.end(timeout);
        hub.close();
    }

    // The hub calls the methods below and holds its lock.

    void connect() {
        if (connected) {
            return;
        }
        connected = true;
        disconnectReported = false;
        requested.values().forEach(this::callListener);
        callListener(() -> listener.onConnected(BackplaneListener.Continuity.SAME_SERVER));
    }

    void disconnect() {
        connected = false;
        reportDisconnected();
    }

    void reportDisconnected() {
        if (!disconnectReported) {
            disconnectReported = true;
            callListener(() -> listener.onDisconnected(new IOException("disconnected by the test"), Duration.ZERO));
        }
    }

    boolean isConnected() {
        return connected;
    }

    boolean isFull() {
        return thread.size() >= MAX_QUEUED;
    }

    boolean isSubscribed(String channel) {
        return connected && requested.containsKey(channel);
    }

    Set<String> subscribedChannels() {
        return connected ? Set.copyOf(requested.keySet()) : Set.of();
    }

    void checkConnected() {
        if (!connected) {
            throw new BackplaneException(Reason.UNREACHABLE, "disconnected by the test", null);
        }
    }

    void deliver(String channel, byte[] message) {
        callListener(() -> {
            messageReported = true;
            listener.onMessage(channel, message);
        });
    }

    void deliver(String channel, Publication publication, byte[] envelope) {
        callListener(() -> {
            messageReported = true;
            listener.onPublication(channel, publication, envelope);
        });
    }

    private void reportReadComplete() {
        if (messageReported) {
            messageReported = false;
            listener.onReadComplete();
        }
    }

    private void callListener(Runnable call) {
        thread.add(call);
    }
}
