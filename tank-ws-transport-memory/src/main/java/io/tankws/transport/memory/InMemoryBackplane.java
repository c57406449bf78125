package io.tankws.transport.memory;

import io.tankws.BackplaneException;
import io.tankws.BackplaneException.Reason;
import io.tankws.spi.Backplane;
import io.tankws.spi.BackplaneConfig;
import io.tankws.spi.BackplaneListener;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** One node's end of an {@link InMemoryHub}; all state is guarded by that, all is told on a thread of its own. */
final class InMemoryBackplane implements Backplane {
    private static final int MOST_WAITING = 65536;

    private final BackplaneConfig config;
    private final TaskThread errands;
    /** Channels, and whom to tell that they are heard. */
    private final Map<String, Runnable> wanted = new LinkedHashMap<>();

    private InMemoryHub hub;
    private boolean connected;
    private boolean toldDown;
    private boolean closed;
    private BackplaneListener listener;
    /** Only the thread touches it. */
    private boolean unread;

    InMemoryBackplane(BackplaneConfig config) {
        this.config = config;
        errands = new TaskThread(config.threadNamePrefix() + "-backplane", this::tellReadComplete);
    }

    String node() {
        return config.node();
    }

    @Override
    public void start(BackplaneListener told) {
        if (listener != null) {
            throw new IllegalStateException("a backplane is started once");
        }
        // First, so that a start that finds no thread has changed nothing.
        errands.start();
        listener = told;
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

    /** Does it at once, and answers on the thread, behind what was told before. */
    private <T> CompletionStage<T> answer(Supplier<T> request) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        synchronized (hub) {
            if (closed || isFull()) {
                Reason reason = closed ? Reason.UNREACHABLE : Reason.REFUSED;
                return CompletableFuture.failedFuture(new BackplaneException(reason, "closed or too busy", null));
            }
            try {
                T result = request.get();
                errands.add(() -> answer.complete(result));
            } catch (BackplaneException e) {
                errands.add(() -> answer.completeExceptionally(e));
            }
        }
        return answer;
    }

    @Override
    public void subscribe(String channel, Runnable heard) {
        synchronized (hub) {
            wanted.put(channel, heard);
            if (connected) {
                tell(heard);
            }
        }
    }

    @Override
    public void unsubscribe(String channel) {
        synchronized (hub) {
            wanted.remove(channel);
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
        errands.end(timeout);
        hub.close();
    }

    // The rest is called by the hub, which is locked then.

    void connect() {
        if (connected) {
            return;
        }
        connected = true;
        toldDown = false;
        wanted.values().forEach(this::tell);
        tell(() -> listener.onConnected(BackplaneListener.Continuity.SAME_SERVER));
    }

    void disconnect() {
        connected = false;
        tellDown();
    }

    void tellDown() {
        if (!toldDown) {
            toldDown = true;
            tell(() -> listener.onDisconnected(new IOException("cut off on purpose"), Duration.ZERO));
        }
    }

    boolean isConnected() {
        return connected;
    }

    boolean isFull() {
        return errands.size() >= MOST_WAITING;
    }

    boolean hears(String channel) {
        return connected && wanted.containsKey(channel);
    }

    Set<String> heard() {
        return connected ? Set.copyOf(wanted.keySet()) : Set.of();
    }

    void checkConnected() {
        if (!connected) {
            throw new BackplaneException(Reason.UNREACHABLE, "cut off on purpose", null);
        }
    }

    void deliver(String channel, byte[] message) {
        tell(() -> {
            unread = true;
            listener.onMessage(channel, message);
        });
    }

    private void tellReadComplete() {
        if (unread) {
            unread = false;
            listener.onReadComplete();
        }
    }

    private void tell(Runnable call) {
        errands.add(call);
    }
}
