package io.tankws.core.flow;

import io.tankws.ClientLimits;

/**
 * The bounds of one piece of the messages that a client sends to all clients. A piece is an eighth of the smallest
 * outbox, so that an outbox that fills up has room for the pieces that several threads send at once.
 *
 * <p>The outbox of an identity may be smaller than that of the manager. The bounds then shrink and do not grow again,
 * because a search for the smallest outbox at each disconnect would cost more than smaller pieces.
 */
public final class PieceSize {
    private static final int MAX_BYTES = 64 * 1024;
    private static final int MAX_MESSAGES = 128;

    private volatile int messages = MAX_MESSAGES;
    private volatile int bytes = MAX_BYTES;

    public PieceSize(ClientLimits ofManager) {
        fit(ofManager);
    }

    /** Shrinks the bounds to those of an outbox. */
    public void fit(ClientLimits limits) {
        int fittingMessages = Math.max(1, limits.outboxMessages() / 8);
        int fittingBytes = limits.outboxBytes() / 8;
        if (fittingMessages < messages || fittingBytes < bytes) {
            synchronized (this) {
                messages = Math.min(messages, fittingMessages);
                bytes = Math.min(bytes, fittingBytes);
            }
        }
    }

    public int messages() {
        return messages;
    }

    public int bytes() {
        return bytes;
    }
}
