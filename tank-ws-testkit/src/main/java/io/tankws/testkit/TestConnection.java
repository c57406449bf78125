package io.tankws.testkit;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One connection of a {@link TestClient}, frame by frame. */
interface TestConnection {
    /** A frame from the server. */
    record Incoming(int opcode, byte[] payload) {}

    /** The answer to the handshake. */
    HttpReply reply();

    void send(int opcode, boolean fin, byte[] payload) throws IOException;

    /**
     * Runs an action and then sends all frames that it has sent in one write, so that they arrive as one segment where
     * they fit.
     */
    default void together(Runnable action) throws IOException {
        action.run();
    }

    /** Waits for the next frame; {@code null} when the server has ended the connection. */
    @Nullable
    Incoming receive() throws IOException;

    /** Pauses or resumes reading. {@link #receive} must not run at the same time. */
    void reading(boolean on);

    /** Ends the connection as a vanishing peer does, without a close frame. */
    void disconnect();
}
