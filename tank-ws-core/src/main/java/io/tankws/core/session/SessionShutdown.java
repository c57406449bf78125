package io.tankws.core.session;

import io.tankws.CloseStatus;
import io.tankws.Message;
import io.tankws.spi.ConnectionEnding;

/** The end of all sessions when their manager shuts down. */
public final class SessionShutdown {
    private final ClientRegistry registry;
    private final String farewell;
    private volatile boolean closing;
    private volatile boolean aborting;

    /**
     * Creates the end of the sessions of a registry.
     *
     * @param farewell the last message to each client; empty for no message
     */
    public SessionShutdown(ClientRegistry registry, String farewell) {
        this.registry = registry;
        this.farewell = farewell;
    }

    /** Returns whether the shutdown has begun, so that no handshake is accepted any more. */
    public boolean hasBegun() {
        return closing;
    }

    /** Closes a session that has opened during the shutdown. */
    void onOpened(ClientSession session) {
        if (aborting) {
            session.abort();
        } else if (closing) {
            closeGracefully(session);
        }
    }

    /** Sends the farewell to all clients and closes their connections; later sessions are closed at once. */
    public void closeAll() {
        closing = true;
        for (ClientSession session : registry.sessions()) {
            closeGracefully(session);
        }
        registry.pending().forEach(this::closeGracefully);
    }

    private void closeGracefully(ClientSession session) {
        if (!farewell.isEmpty() && session.link == null) {
            session.outbox.offer(Message.text(farewell));
        }
        session.close(ConnectionEnding.SHUTDOWN, CloseStatus.GOING_AWAY);
    }

    /** Aborts sessions that open after this. */
    public void abortLater() {
        aborting = true;
    }

    /** Aborts all open sessions. */
    public void abortAll() {
        for (ClientSession session : registry.sessions()) {
            session.abort();
        }
        registry.pending().forEach(ClientSession::abort);
    }
}
