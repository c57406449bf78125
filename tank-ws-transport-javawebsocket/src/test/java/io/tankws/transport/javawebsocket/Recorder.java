package io.tankws.transport.javawebsocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.tankws.CloseStatus;
import io.tankws.spi.Connection;
import io.tankws.spi.ConnectionListener;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** A listener that records its calls in order, and whether calls overlapped. */
class Recorder implements ConnectionListener {
    final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    final CompletableFuture<Connection> connection = new CompletableFuture<>();
    final CompletableFuture<String> closed = new CompletableFuture<>();
    final AtomicInteger reads = new AtomicInteger();
    final AtomicInteger closes = new AtomicInteger();
    private volatile boolean ended;
    private final AtomicBoolean inCall = new AtomicBoolean();

    Connection open() throws Exception {
        return connection.get(RawClient.TIMEOUT, TimeUnit.MILLISECONDS);
    }

    String closed() throws Exception {
        return closed.get(RawClient.TIMEOUT, TimeUnit.MILLISECONDS);
    }

    String next() throws InterruptedException {
        String event = events.poll(RawClient.TIMEOUT, TimeUnit.MILLISECONDS);
        assertNotNull(event, "nothing was reported");
        return event;
    }

    void expect(String... expected) throws InterruptedException {
        for (String event : expected) {
            assertEquals(event, next());
        }
    }

    private void record(String event) {
        if (!inCall.compareAndSet(false, true)) {
            events.add("OVERLAP with " + event);
        }
        if (ended) {
            events.add("AFTER CLOSE " + event);
        }
        ended = event.startsWith("close ");
        inCall.set(false);
        events.add(event);
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }

    @Override
    public void onOpen(Connection opened) {
        ended = false;
        record("open");
        connection.complete(opened);
    }

    @Override
    public void onOpenFailed(Throwable cause) {
        record("openFailed");
    }

    @Override
    public void onText(ByteBuffer utf8) {
        record("text " + text(utf8));
    }

    @Override
    public void onBinary(ByteBuffer payload) {
        record("binary " + payload.remaining());
    }

    @Override
    public void onPing(ByteBuffer payload) {
        record("ping " + text(payload));
    }

    @Override
    public void onPong(ByteBuffer payload) {
        record("pong " + text(payload));
    }

    @Override
    public void onReadComplete() {
        reads.incrementAndGet();
    }

    @Override
    public void onError(Throwable cause) {
        record("error " + cause.getMessage());
    }

    @Override
    public void onClose(CloseStatus status) {
        record("close " + status.code() + " " + status.reason());
        closes.incrementAndGet();
        closed.complete(status.code() + " " + status.reason());
    }
}
