package io.tankws.protocol.centrifuge.frame;

import io.tankws.protocol.centrifuge.codec.MalformedMessageException;
import io.tankws.protocol.centrifuge.message.Command;

/**
 * The commands of one received WebSocket message, read one at a time. Payloads of a command are views of the message.
 * Not thread-safe.
 */
public interface CommandFrame {
    /** Returns whether a command remains. */
    boolean hasNext();

    /**
     * Reads the next command. After a failure no command may be read.
     *
     * @throws MalformedMessageException if the bytes are no command
     */
    Command next() throws MalformedMessageException;
}
