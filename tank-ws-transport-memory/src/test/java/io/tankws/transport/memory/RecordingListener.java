package io.tankws.transport.memory;

import io.tankws.CloseStatus;
import io.tankws.spi.Connection;
import io.tankws.spi.ConnectionListener;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A listener that records its calls; {@code onReadComplete} is a full stop. */
class RecordingListener implements ConnectionListener {
    final CompletableFuture<Connection> opened = new CompletableFuture<>();
    final CompletableFuture<Throwable> failed = new CompletableFuture<>();
    final CompletableFuture<CloseStatus> closed = new CompletableFuture<>();
    final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    final List<String> calls = new CopyOnWriteArrayList<>();

    Connection connection() throws Exception {
        return opened.get(10, TimeUnit.SECONDS);
    }

    CloseStatus closeStatus() throws Exception {
        return closed.get(10, TimeUnit.SECONDS);
    }

    String message() throws Exception {
        return messages.poll(10, TimeUnit.SECONDS);
    }

    @Override
    public void onOpen(Connection connection) {
        calls.add("open on " + Thread.currentThread().getName().replaceAll("-\\d+-\\d+$", ""));
        opened.complete(connection);
    }

    @Override
    public void onOpenFailed(Throwable cause) {
        calls.add("failed");
        failed.complete(cause);
    }

    @Override
    public void onText(ByteBuffer utf8) {
        record("text " + StandardCharsets.UTF_8.decode(utf8));
    }

    @Override
    public void onBinary(ByteBuffer payload) {
        record("binary " + payload.remaining());
    }

    @Override
    public void onPing(ByteBuffer payload) {
        record("ping " + StandardCharsets.UTF_8.decode(payload));
    }

    @Override
    public void onPong(ByteBuffer payload) {
        record("pong " + StandardCharsets.UTF_8.decode(payload));
    }

    @Override
    public void onReadComplete() {
        calls.add(".");
    }

    @Override
    public void onError(Throwable cause) {
        calls.add("error");
    }

    @Override
    public void onClose(CloseStatus status) {
        calls.add("close " + status.code());
        closed.complete(status);
    }

    private void record(String call) {
        calls.add(call);
        messages.add(call);
    }
}
