package io.tankws.testkit.contract;

import io.tankws.Manager;
import io.tankws.testkit.Await;
import io.tankws.testkit.TestClient;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A client that sends numbered texts as fast as the server receives them, on a thread of its own. It ends with the text
 * {@link #end} after {@link #finishAfter}.
 */
final class Flood {
    /** Stops a flood whose test has failed. */
    private static final int MAX_MESSAGES = 1_000_000;

    private final TestClient sender;
    private final Window window;
    private final String name;
    private final String padding;
    private final CompletableFuture<Void> done;
    private int sent;
    private int total = MAX_MESSAGES;

    /**
     * The number of messages that may be between senders and a server. It keeps a flood short, since the buffers of a
     * socket may grow to many megabytes, and it is larger than an outbox.
     */
    static final class Window {
        private static final long PAUSE_NANOS = 1_000_000;

        private final Manager manager;
        private final int messages;
        private final AtomicLong sent = new AtomicLong();
        private volatile boolean unlimited;

        Window(Manager manager, int messages) {
            this.manager = manager;
            this.messages = messages;
        }

        private void await() {
            long number = sent.incrementAndGet();
            while (!unlimited && number - manager.statistics().messagesReceived() > messages) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private Flood(TestClient sender, Window window, String name, String padding) {
        this.sender = sender;
        this.window = window;
        this.name = name;
        this.padding = padding;
        done = CompletableFuture.runAsync(this::run, task -> {
            Thread thread = new Thread(task, "flood-" + name);
            thread.setDaemon(true);
            thread.start();
        });
    }

    /**
     * Starts a flood.
     *
     * @param sender the client that sends
     * @param window the limit of what is under way, shared by all floods of a manager
     * @param name the start of each text
     * @param padding the end of each text
     */
    static Flood start(TestClient sender, Window window, String name, String padding) {
        return new Flood(sender, window, name, padding);
    }

    private void run() {
        for (int i = 0; mayContinue(i); i++) {
            window.await();
            sender.sendText(text(i));
        }
        sender.sendText(end());
    }

    private synchronized boolean mayContinue(int next) {
        sent = next;
        return next < total;
    }

    /** Returns the text of one message. */
    String text(int number) {
        return name + number + padding;
    }

    /** Returns the text that follows the last message. */
    String end() {
        return name + "end" + padding;
    }

    /**
     * Ends the flood after a number of further messages.
     *
     * @return the number of messages that the flood has by then, without its end
     */
    synchronized int finishAfter(int messages) {
        total = sent + messages;
        return total;
    }

    /** Returns the number of messages so far, without the end. */
    synchronized int sent() {
        return sent;
    }

    /** Waits until everything was sent. */
    void awaitDone() {
        Await.until("the end of the flood", done::isDone);
        done.join();
    }

    /** Waits until the flood fails because its connection has ended, and returns the failure. */
    Throwable awaitFailure() {
        window.unlimited = true;
        Await.until("the end of the flood", done::isDone);
        return done.handle((nothing, error) -> error).join();
    }

    /** Waits until a reader has all messages in order and their end. */
    void awaitAll(TestClient reader) {
        int next = 0;
        for (String text = reader.awaitText(); !text.equals(end()); text = reader.awaitText()) {
            if (!text.equals(text(next))) {
                int end = Math.min(text.length(), 20);
                throw new AssertionError("expected message " + next + " but got <" + text.substring(0, end) + "...>");
            }
            next++;
        }
        awaitDone();
        if (next != sent()) {
            throw new AssertionError("expected " + sent() + " messages but got " + next);
        }
    }
}
