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

/**
 * A client of the transport {@code in-memory}, frame by frame. It does nothing by itself: it answers neither a ping nor
 * a close frame. Safe for use by several threads.
 */
public final class InMemoryPeer implements AutoCloseable {
    private static final int CLOSE = 0x8;

    private final InMemoryConnection connection;

    InMemoryPeer(InMemoryConnection connection) {
        this.connection = connection;
    }

    /**
     * Connects, and waits for the server's decision.
     *
     * @param address where a transport listens; its port alone counts
     * @param request sent as it is, valid or not
     * @param timeout how long to wait; then the peer is gone
     * @return the open connection
     * @throws Refused if the server refuses
     * @throws java.net.ConnectException if nobody listens there
     * @throws java.net.SocketTimeoutException if the server has not decided in time
     * @throws IOException if the server cuts the connection off
     * @throws InterruptedException if the thread is interrupted; the peer is gone then
     */
    public static InMemoryPeer connect(InetSocketAddress address, HandshakeRequest request, Duration timeout)
            throws IOException, InterruptedException {
        return new InMemoryPeer(InMemoryPorts.connect(address, request, timeout));
    }

    /**
     * Returns the subprotocol that the server has chosen.
     *
     * @return empty if it has chosen none
     */
    public Optional<String> subprotocol() {
        return connection.subprotocol();
    }

    /**
     * Sends a frame. While the server does not read, up to 1024 frames wait; a further one blocks the caller for at
     * most 10 seconds.
     *
     * @param opcode 0 to continue a message, 1 for a text, 2 for a binary message, 9 for a ping, 10 for a pong; any other
     *     of four bits breaks the protocol
     * @param fin whether this is the last frame of the message
     * @param payload copied
     * @throws IllegalArgumentException if the opcode is that of a close frame or has more than four bits
     * @throws java.net.SocketTimeoutException if the server does not read
     * @throws IOException if the connection is closed
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public void send(int opcode, boolean fin, byte[] payload) throws IOException, InterruptedException {
        if (opcode == CLOSE || opcode < 0 || opcode > 0xF) {
            throw new IllegalArgumentException("not the opcode of a frame that can be sent: " + opcode);
        }
        put(new PeerFrames.Entry(opcode, fin, payload.clone(), null));
    }

    /**
     * Sends a close frame, as the beginning of a closing handshake or as its end.
     *
     * @param status {@link CloseStatus#NO_STATUS} for an empty frame; other codes that are never sent break the protocol
     * @throws java.net.SocketTimeoutException if the server does not read
     * @throws IOException if the connection is closed
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public void sendClose(CloseStatus status) throws IOException, InterruptedException {
        put(new PeerFrames.Entry(CLOSE, true, new byte[0], Objects.requireNonNull(status, "status")));
    }

    private void put(PeerFrames.Entry entry) throws IOException, InterruptedException {
        connection.inbox().put(entry);
        connection.wake();
    }

    /**
     * Takes the next event.
     *
     * @param timeout how long to wait for it
     * @return {@code null} if none came; nothing comes after {@link Event.Closed}
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public Event receive(Duration timeout) throws InterruptedException {
        Event event = connection.window().receive(timeout);
        connection.wake();
        return event;
    }

    /**
     * Sets whether this peer reads; at first it does. If not, 64 KiB of frames fit between it and the server, whose
     * write then gets stuck; {@link #receive} returns only what was read before. A reading peer holds 16 MiB for
     * {@link #receive}, then it stops to read likewise.
     *
     * @param on {@code true} to read
     */
    public void reading(boolean on) {
        connection.window().reading(on);
        connection.wake();
    }

    /**
     * Cuts the connection off without a close frame. The server reads what was sent before, unless it has paused
     * reading; its write in flight fails. Nothing happens if the connection is closed.
     */
    public void disconnect() {
        connection.inbox().end();
        connection.window().cut();
        connection.wake();
    }

    /** Does what {@link #disconnect} does. */
    @Override
    public void close() {
        disconnect();
    }

    /** What a peer receives. */
    public sealed interface Event {
        /**
         * A frame came.
         *
         * @param opcode 1 for a text, 2 for a binary message, 9 for a ping, 10 for a pong
         * @param payload read-only
         */
        record Frame(int opcode, ByteBuffer payload) implements Event {}

        /**
         * The server has sent a close frame, or the connection ended without one. The last event.
         *
         * @param status what the close frame said, else {@link CloseStatus#ABNORMAL}
         * @param clean whether there was a close frame; if this peer has not sent its own, the server waits for it
         */
        record Closed(CloseStatus status, boolean clean) implements Event {}
    }

    /** The server answered the handshake with an HTTP error. */
    public static final class Refused extends IOException {
        private static final long serialVersionUID = 1L;

        /** What the server answered. */
        private final transient Refusal refusal;

        Refused(Refusal refusal) {
            super("refused with " + refusal.status() + ": " + refusal.reason());
            this.refusal = refusal;
        }

        /**
         * Returns what the server answered.
         *
         * @return the response
         */
        public Refusal refusal() {
            return refusal;
        }
    }
}
