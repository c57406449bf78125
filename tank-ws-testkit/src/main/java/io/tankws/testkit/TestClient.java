package io.tankws.testkit;

import io.tankws.CloseStatus;
import io.tankws.WebSocketServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The peer of a server, doing exactly what a test says, over a real socket or, for the transport {@code in-memory},
 * without one. It answers pings and close frames, and both can be switched off.
 *
 * <p>Every {@code await} waits at most {@link Await#timeout()}, then throws an {@link AssertionError}. Safe for use by
 * several threads.
 */
public final class TestClient implements AutoCloseable {
    private final TestConnection wire;
    private final ReceivedMessages mailbox = new ReceivedMessages();
    private final CompletableFuture<CloseStatus> closeFrame = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final Object gate = new Object();
    private boolean reading = true;
    private volatile boolean answeringPings = true;
    private volatile boolean answeringClose = true;
    private volatile boolean closeSent;

    TestClient(TestConnection wire) {
        this.wire = wire;
        Thread reader = new Thread(this::read, "test-client");
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Connects.
     *
     * @param server running
     * @param target path and query
     * @return the open connection
     * @throws HandshakeRefusedException if the server does not answer 101
     */
    public static TestClient connect(WebSocketServer server, String target) {
        return to(server, target).connect();
    }

    /**
     * Prepares a handshake.
     *
     * @param server running
     * @param target path and query
     * @return a builder
     */
    public static TestHandshake to(WebSocketServer server, String target) {
        return new TestHandshake(server, target);
    }

    private void read() {
        try {
            TestConnection.@Nullable Incoming frame;
            while ((frame = next()) != null) {
                take(frame);
            }
            ended.complete(null);
        } catch (IOException e) {
            ended.completeExceptionally(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            boolean abnormal = closeFrame.complete(CloseStatus.ABNORMAL);
            // A server may shut its half down behind its close frame; a peer that does not answer stays connected.
            if (abnormal || closeSent) {
                wire.disconnect();
            }
        }
    }

    private TestConnection.@Nullable Incoming next() throws IOException, InterruptedException {
        synchronized (gate) {
            while (!reading) {
                gate.wait();
            }
        }
        return wire.receive();
    }

    private void take(TestConnection.Incoming frame) throws IOException {
        byte[] payload = frame.payload();
        switch (frame.opcode()) {
            case 1, 2 -> mailbox.message(frame.opcode() == 1, payload);
            case 8 -> {
                closeFrame.complete(ClosePayload.decode(payload));
                if (answeringClose && !closeSent) {
                    closeSent = true;
                    wire.send(8, true, payload);
                }
            }
            case 9 -> {
                mailbox.ping(payload);
                if (answeringPings) {
                    wire.send(10, true, payload);
                }
            }
            default -> mailbox.pong(payload);
        }
    }

    /**
     * Returns what the server chose of the offered subprotocols.
     *
     * @return empty if none
     */
    public Optional<String> subprotocol() {
        return wire.reply().header("Sec-WebSocket-Protocol");
    }

    /**
     * Returns the server's answer to the handshake.
     *
     * @return a 101
     */
    public HttpReply reply() {
        return wire.reply();
    }

    /**
     * Sends a text message in one frame.
     *
     * @param text the text
     */
    public void sendText(String text) {
        sendFrame(1, true, text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Sends a binary message in one frame.
     *
     * @param payload the message
     */
    public void sendBinary(byte[] payload) {
        sendFrame(2, true, payload);
    }

    /**
     * Sends a ping.
     *
     * @param payload at most 125 bytes
     */
    public void sendPing(byte[] payload) {
        sendFrame(9, true, payload);
    }

    /**
     * Sends any frame, also one that a client may not send.
     *
     * @param opcode four bits
     * @param fin whether the message ends with it
     * @param payload its payload
     */
    public void sendFrame(int opcode, boolean fin, byte[] payload) {
        try {
            wire.send(opcode, fin, payload);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Sends several frames in one write, so that the server reads them together.
     *
     * @param action sends the frames with this client
     */
    public void sendTogether(Runnable action) {
        try {
            wire.together(action);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Sends a close frame.
     *
     * @param status code and reason
     */
    public void sendClose(CloseStatus status) {
        closeSent = true;
        sendFrame(8, true, ClosePayload.encode(status));
    }

    /**
     * Waits for the next message, which must be a text.
     *
     * @return the text
     */
    public String awaitText() {
        return mailbox.awaitText();
    }

    /**
     * Waits for the next message, which must be this text.
     *
     * @param expected the text
     */
    public void awaitText(String expected) {
        String text = awaitText();
        if (!text.equals(expected)) {
            throw new AssertionError("expected the text <" + expected + "> but got <" + text + ">");
        }
    }

    /**
     * Waits for the next message, which must be binary.
     *
     * @return its payload
     */
    public byte[] awaitBinary() {
        return mailbox.awaitBinary();
    }

    /**
     * Waits for a ping.
     *
     * @return its payload
     */
    public byte[] awaitPing() {
        return mailbox.awaitPing();
    }

    /**
     * Waits for a pong.
     *
     * @return its payload
     */
    public byte[] awaitPong() {
        return mailbox.awaitPong();
    }

    /**
     * Waits for the end of the connection.
     *
     * @return the status of the server's close frame, or {@link CloseStatus#ABNORMAL} if it sent none
     */
    public CloseStatus awaitClose() {
        Await.until("the end of the connection", ended::isDone);
        return closeFrame.join();
    }

    /**
     * Returns the number of received messages that the test has not taken.
     *
     * @return texts and binary messages that have come
     */
    public int unread() {
        return mailbox.unread();
    }

    /**
     * Sets whether this client answers pings. The default is {@code true}.
     *
     * @param on whether pings are answered
     * @return this
     */
    public TestClient answeringPings(boolean on) {
        answeringPings = on;
        return this;
    }

    /**
     * Sets whether this client answers close frames. The default is {@code true}.
     *
     * @param on whether close frames are answered
     * @return this
     */
    public TestClient answeringClose(boolean on) {
        answeringClose = on;
        return this;
    }

    /**
     * Sets whether this client reads. The default is {@code true}. Without reads, the buffers between client and
     * server fill up. A message that is being read during this call may still arrive.
     *
     * @param on whether to read
     * @return this
     */
    public TestClient reading(boolean on) {
        synchronized (gate) {
            reading = on;
            gate.notifyAll();
        }
        wire.reading(on);
        return this;
    }

    /** Vanishes without a close frame; on a socket, with a reset. */
    public void disconnect() {
        reading(true);
        wire.disconnect();
    }

    /** Vanishes, as {@link #disconnect} does. */
    @Override
    public void close() {
        disconnect();
    }
}
