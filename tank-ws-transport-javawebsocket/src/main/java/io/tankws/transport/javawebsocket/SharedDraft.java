package io.tankws.transport.javawebsocket;

import java.nio.ByteBuffer;
import org.java_websocket.drafts.Draft;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.exceptions.InvalidHandshakeException;
import org.java_websocket.handshake.ClientHandshakeBuilder;
import org.java_websocket.handshake.Handshakedata;

/**
 * The library's handshake, one for all connections: the rest of a draft, which the library keeps for each, is frames that
 * it never sees. All that a handshake sets in it is the same for every peer, since {@link Peer#upgrade} asks for neither
 * extension nor protocol.
 */
final class SharedDraft extends Draft_6455 {
    static final String TARGET = "/";

    @Override
    public Draft copyInstance() {
        return this;
    }

    /** The end of one connection is nothing to the others. */
    @Override
    public void reset() {}

    /** The connection keeps its target, which need not be a string of its own. */
    @Override
    public Handshakedata translateHandshake(ByteBuffer head) throws InvalidHandshakeException {
        Handshakedata request = super.translateHandshake(head);
        if (request instanceof ClientHandshakeBuilder builder) {
            builder.setResourceDescriptor(TARGET);
        }
        return request;
    }
}
