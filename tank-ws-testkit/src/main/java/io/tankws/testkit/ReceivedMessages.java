package io.tankws.testkit;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The messages that a {@link TestClient} has received and its test has not taken yet. */
final class ReceivedMessages {
    private static final int MAX_UNREAD = 1_000_000;

    private final BlockingQueue<Received> messages = new LinkedBlockingQueue<>(MAX_UNREAD);
    private final BlockingQueue<byte[]> pings = new LinkedBlockingQueue<>(MAX_UNREAD);
    private final BlockingQueue<byte[]> pongs = new LinkedBlockingQueue<>(MAX_UNREAD);

    private record Received(boolean text, byte[] payload) {}

    void message(boolean text, byte[] payload) {
        messages.add(new Received(text, payload));
    }

    void ping(byte[] payload) {
        pings.add(payload);
    }

    void pong(byte[] payload) {
        pongs.add(payload);
    }

    String awaitText() {
        Received message = poll(messages, "a text");
        if (!message.text()) {
            throw new AssertionError("a binary message instead of a text");
        }
        try {
            ByteBuffer utf8 = ByteBuffer.wrap(message.payload());
            return StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
        } catch (CharacterCodingException e) {
            throw new AssertionError("the server sent a text that is not UTF-8", e);
        }
    }

    byte[] awaitBinary() {
        Received message = poll(messages, "a binary message");
        if (message.text()) {
            throw new AssertionError("a text instead of a binary message");
        }
        return message.payload();
    }

    byte[] awaitPing() {
        return poll(pings, "a ping");
    }

    byte[] awaitPong() {
        return poll(pongs, "a pong");
    }

    int unread() {
        return messages.size();
    }

    private static <T> T poll(BlockingQueue<T> queue, String what) {
        try {
            T item = queue.poll(Await.timeout().toNanos(), TimeUnit.NANOSECONDS);
            if (item == null) {
                throw new AssertionError("not within " + Await.timeout().toSeconds() + " s: " + what);
            }
            return item;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for " + what, e);
        }
    }
}
