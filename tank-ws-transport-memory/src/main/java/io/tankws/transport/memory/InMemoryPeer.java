package io.tankws.transport.memory;

import io.tankws.CloseStatus;
import io.tankws.HandshakeRequest;
import io.tankws.Refusal;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A client of the transport {@code in-memory} that works frame by frame. It answers neither pings nor close frames on
 * its own. Thread-safe.
 */
public final class InMemoryPeer implements AutoCloseable {
    private static final int CLOSE = 0x8;

    private final InMemoryConnection connection;

    InMemoryPeer(InMemoryConnection connection) {
        this.connection = connection;
    }

    /**
     * Connects and waits for the decision of the server.
     *
     * @param address address of a transport; only its port counts
     * @param request request; sent unchanged, also if it is not valid
     * @param timeout time to wait for the decision; the peer disconnects after it
     * @return the open connection
     * @throws Refused if the server refuses
     * @throws java.net.ConnectException if no transport listens on the port
     * @throws java.net.SocketTimeoutException if the server has not decided in time
     * @throws IOException if the server closes the connection
     * @throws InterruptedException if the thread is interrupted; the peer disconnects then
     */
    public static InMemoryPeer connect(InetSocketAddress address, HandshakeRequest request, Duration timeout)
            throws IOException, InterruptedException {
        return new InMemoryPeer(InMemoryPorts.connect(address, request, timeout));
    }

    /**
     * Returns the subprotocol that the server has chosen.
     *
     * @return the subprotocol, or empty if the server has chosen none
     */
    public Optional<String> subprotocol() {
        return connection.subprotocol();
    }

    /**
     * Sends a frame. When 1024 frames wait because the server does not read, the call blocks for at most 10 seconds.
     *
     * @param opcode 0 to continue a message, 1 for a text, 2 for a binary message, 9 for a ping, 10 for a pong; other
     *     values of four bits violate the protocol
     * @param fin true for the last frame of a message
     * @param payload copied
     * @throws IllegalArgumentException if the opcode is that of a close frame or has more than four bits
     * @throws java.net.SocketTimeoutException if the server does not read
     * @throws IOException if the connection is closed
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public void send(int opcode, boolean fin, byte[] payload) throws IOException, InterruptedException {
        if (opcode == CLOSE || opcode < 0 || opcode > 0xF) {
            throw new IllegalArgumentException(
                    "the opcode must have four bits and must not be that of a close frame, but was " + opcode);
        }
        put(new PeerFrames.Entry(opcode, fin, payload.clone(), null));
    }

    /**
     * Sends a close frame, which begins or ends a close handshake.
     *
     * @param status {@link CloseStatus#NO_STATUS} for an empty frame; other codes that must not be sent violate the
     *     protocol
     * @throws java.net.SocketTimeoutException if the server does not read
     * @throws IOException if the connection is closed
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public void sendClose(CloseStatus status) throws IOException, InterruptedException {
        put(new PeerFrames.Entry(CLOSE, true, new byte[0], Objects.requireNonNull(status, "status")));
    }

    private void put(PeerFrames.Entry entry) throws IOException, InterruptedException {
        connection.peerFrames().put(entry);
        connection.wake();
    }

    /**
     * Waits for the next event.
     *
     * @param timeout maximum time to wait
     * @return the event, or {@code null} after the timeout; {@link Event.Closed} is the last event
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public @Nullable Event receive(Duration timeout) throws InterruptedException {
        @Nullable Event event = connection.window().receive(timeout);
        connection.wake();
        return event;
    }

    /**
     * Sets whether this peer reads. The default is {@code true}. When it does not read and 64 KiB of frames are in
     * the window between it and the server, the write of the server waits. {@link #receive} returns frames that were
     * read before. When 16 MiB wait for {@link #receive}, a reading peer stops reading too.
     *
     * @param on {@code true} to read
     */
    public void reading(boolean on) {
        connection.window().reading(on);
        connection.wake();
    }

    /**
     * Disconnects without a close frame. The server reads the frames that were sent before, unless it has paused
     * reading. Its write in flight fails. The call has no effect on a closed connection.
     */
    public void disconnect() {
        connection.peerFrames().end();
        connection.window().abort();
        connection.wake();
    }

    /** Disconnects, as {@link #disconnect} does. */
    @Override
    public void close() {
        disconnect();
    }

    /**
     * An event that a peer receives.
     *
     * <p>Not to be implemented by applications; kinds may be added.
     */
    public sealed interface Event {
        /**
         * A received frame.
         *
         * @param opcode 1 for a text, 2 for a binary message, 9 for a ping, 10 for a pong
         * @param payload read-only
         */
        record Frame(int opcode, ByteBuffer payload) implements Event {}

        /**
         * The end of the connection, with or without a close frame. It is the last event.
         *
         * @param status status of the close frame, or {@link CloseStatus#ABNORMAL} without one
         * @param clean true if the server has sent a close frame; the server then waits for that of the peer
         */
        record Closed(CloseStatus status, boolean clean) implements Event {}
    }

    /** The exception for a handshake that the server has refused with an HTTP response. */
    public static final class Refused extends IOException {
        private static final long serialVersionUID = 1L;

        /** Response of the server. */
        private final transient Refusal refusal;

        Refused(Refusal refusal) {
            super("refused with " + refusal.status() + ": " + refusal.reason());
            this.refusal = refusal;
        }

        /**
         * Returns the response of the server.
         *
         * @return the response
         */
        public Refusal refusal() {
            return refusal;
        }
    }
}
