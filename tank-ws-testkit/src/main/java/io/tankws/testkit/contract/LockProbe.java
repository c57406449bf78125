package io.tankws.testkit.contract;

import io.tankws.CloseStatus;
import io.tankws.Frame;
import io.tankws.Message;
import io.tankws.spi.Connection;
import io.tankws.spi.ConnectionListener;
import io.tankws.testkit.Await;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** A listener that has another thread call one method of its connection during one of its own callbacks. */
final class LockProbe implements ConnectionListener {
    private final Place place;
    private final Call call;
    private final AtomicBoolean sprung = new AtomicBoolean();
    private final CompletableFuture<Connection> opened = new CompletableFuture<>();
    private final CompletableFuture<Void> returned = new CompletableFuture<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    /** Where the other thread calls. */
    enum Place {
        ON_OPEN,
        ON_TEXT,
        ON_BINARY,
        ON_PING,
        ON_PONG,
        ON_READ_COMPLETE,
        ON_ERROR,
        ON_PEER_CLOSE,
        ON_CLOSE,
        ON_WRITTEN,
        ON_WRITE_OF_ABORTED,
        /** In memory such a write may succeed. */
        ON_WRITE_TO_RESET
    }

    /** Calls that the other thread makes. */
    enum Call {
        WRITE(Call::write),
        CLOSE(connection -> connection.close(CloseStatus.GOING_AWAY)),
        ABORT(Connection::abort),
        PAUSE_READING(Connection::pauseReading),
        RESUME_READING(Connection::resumeReading),
        HAS_UNREAD(Connection::hasPendingInput);

        private final Consumer<Connection> method;

        Call(Consumer<Connection> method) {
            this.method = method;
        }

        private static void write(Connection connection) {
            try {
                connection.write(List.of(Message.text("probe").frame()), failure -> {});
            } catch (IllegalStateException e) {
                // Another write is in flight: that is an answer too.
            }
        }
    }

    LockProbe(Place place, Call call) {
        this.place = place;
        this.call = call;
    }

    Place place() {
        return place;
    }

    Connection awaitOpen() {
        Await.until("the opening", opened::isDone);
        return opened.join();
    }

    /** Writes what the socket does not take at once; the end of the write is the place. */
    void write(Frame frame) {
        boolean taken = opened.join().write(List.of(frame), failure -> spring(place));
        if (taken) {
            throw new AssertionError("the socket took all bytes though its peer does not read");
        }
    }

    void awaitReturn() {
        Await.until("the callback " + place, () -> returned.isDone() || sprung.get());
        Await.until("the return from " + call, returned::isDone);
        returned.join();
    }

    /** Cuts the connection off, and waits for its end. */
    void end() {
        opened.join().abort();
        Await.until("the end of the connection", closed::isDone);
    }

    private void spring(Place here) {
        if (here != place || !sprung.compareAndSet(false, true)) {
            return;
        }
        CompletableFuture<Void> calling = new CompletableFuture<>();
        Thread thread = new Thread(() -> complete(calling), "lock-probe");
        thread.setDaemon(true);
        thread.start();
        try {
            Await.until("the call", calling::isDone);
            calling.join();
            returned.complete(null);
        } catch (AssertionError e) {
            returned.completeExceptionally(new AssertionError(
                    call + " waits during " + place + ": " + Arrays.toString(thread.getStackTrace())));
        }
    }

    private void complete(CompletableFuture<Void> calling) {
        try {
            call.method.accept(opened.join());
            calling.complete(null);
        } catch (RuntimeException | Error e) {
            calling.completeExceptionally(e);
        }
    }

    @Override
    public void onOpen(Connection connection) {
        opened.complete(connection);
        spring(Place.ON_OPEN);
    }

    @Override
    public void onOpenFailed(Throwable cause) {
        opened.completeExceptionally(cause);
    }

    @Override
    public void onText(ByteBuffer utf8) {
        spring(Place.ON_TEXT);
    }

    @Override
    public void onBinary(ByteBuffer payload) {
        spring(Place.ON_BINARY);
    }

    @Override
    public void onPing(ByteBuffer payload) {
        spring(Place.ON_PING);
    }

    @Override
    public void onPong(ByteBuffer payload) {
        spring(Place.ON_PONG);
    }

    @Override
    public void onReadComplete() {
        spring(Place.ON_READ_COMPLETE);
    }

    @Override
    public void onError(Throwable cause) {
        spring(Place.ON_ERROR);
    }

    @Override
    public void onPeerClose(Connection connection, CloseStatus status) {
        spring(Place.ON_PEER_CLOSE);
        connection.close(CloseStatus.NORMAL);
    }

    @Override
    public void onClose(CloseStatus status) {
        spring(Place.ON_CLOSE);
        closed.complete(null);
    }
}
