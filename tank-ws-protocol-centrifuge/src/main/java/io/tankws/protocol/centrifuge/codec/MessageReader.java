package io.tankws.protocol.centrifuge.codec;

import java.io.IOException;

/**
 * A function that reads the fields of one message, up to its end.
 *
 * @param <T> the type of the message
 */
@FunctionalInterface
public interface MessageReader<T> {
    /**
     * Reads the message in which the reader stands.
     *
     * @throws IOException if the message is malformed
     */
    T read(FieldReader in) throws IOException;
}
