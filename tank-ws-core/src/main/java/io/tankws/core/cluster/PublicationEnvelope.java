package io.tankws.core.cluster;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that a node passes with a publication: the client of the node that does not receive it, if there is one.
 * An envelope without bytes excludes no client. Otherwise it has the version (1 byte), the node (8 bytes) and the id of
 * the client in UTF-8.
 */
final class PublicationEnvelope {
    /** Envelope that excludes no client. */
    static final byte[] EMPTY = {};

    private static final byte VERSION = 1;
    private static final int HEADER_BYTES = 9;

    private PublicationEnvelope() {}

    /**
     * Encodes an envelope.
     *
     * @param excluded id of a client of the node, or {@code null} if none is excluded
     */
    static byte[] of(long node, @Nullable String excluded) {
        if (excluded == null) {
            return EMPTY;
        }
        byte[] client = excluded.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(HEADER_BYTES + client.length)
                .put(VERSION)
                .putLong(node)
                .put(client)
                .array();
    }

    /**
     * Returns the excluded client of a node, or {@code null} if none of its clients is excluded.
     *
     * @throws IllegalArgumentException if no node has made the envelope
     */
    static @Nullable String excluded(byte[] envelope, long node) {
        if (envelope.length == 0) {
            return null;
        }
        if (envelope.length <= HEADER_BYTES || envelope[0] != VERSION) {
            throw new IllegalArgumentException("no such envelope of a publication");
        }
        return ByteBuffer.wrap(envelope).getLong(1) == node
                ? new String(envelope, HEADER_BYTES, envelope.length - HEADER_BYTES, StandardCharsets.UTF_8)
                : null;
    }
}
