package io.tankws.transport.memory;

import io.tankws.spi.Backplane;
import io.tankws.spi.BackplaneListener;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A listener that records its calls and their threads. */
final class RecordingBackplaneListener implements BackplaneListener {
    private final List<String> calls = new ArrayList<>();
    private final List<String> threads = new ArrayList<>();
    private volatile CountDownLatch gate = new CountDownLatch(0);

    /** Keeps the node's thread at the next message until the gate opens. */
    void waitAt(CountDownLatch next) {
        gate = next;
    }

    private synchronized void add(String call) {
        calls.add(call);
        if (!threads.contains(Thread.currentThread().getName())) {
            threads.add(Thread.currentThread().getName());
        }
        if (call.endsWith("throw")) {
            throw new IllegalStateException("on purpose");
        }
    }

    void subscribe(Backplane backplane, String channel) {
        backplane.subscribe(channel, () -> add("subscribed " + channel));
    }

    @Override
    public void onMessage(String channel, byte[] message) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        add(channel + ": " + new String(message, StandardCharsets.UTF_8));
    }

    @Override
    public void onReadComplete() {
        add("read");
    }

    @Override
    public void onConnected(Continuity continuity) {
        add("up");
    }

    @Override
    public void onDisconnected(Throwable cause, Duration since) {
        add("down");
    }

    synchronized List<String> calls() {
        return List.copyOf(calls);
    }

    synchronized List<String> messages() {
        return calls.stream().filter(call -> call.contains(": ")).toList();
    }

    synchronized List<String> threads() {
        return List.copyOf(threads);
    }

    void await(String call) {
        Await.until(call + " among " + calls(), () -> calls().contains(call));
    }

    @Override
    public void onReconnectFailed(Throwable cause) {}
}
