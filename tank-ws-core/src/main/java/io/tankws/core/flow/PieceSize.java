package io.tankws.core.flow;

import io.tankws.ClientLimits;

/**
 * The bounds of what a client sends to all others at once. A piece is an eighth of the smallest outbox, so that there is room
 * for the pieces that several threads send at once to an outbox that fills up.
 *
 * <p>An identity may have a smaller outbox than the manager's. The bounds then shrink and do not grow again: looking for the
 * smallest of all outboxes at each departure would cost more than smaller pieces do.
 */
public final class PieceSize {
    private static final int MAX_BYTES = 64 * 1024;
    private static final int MAX_MESSAGES = 128;

    private volatile int messages = MAX_MESSAGES;
    private volatile int bytes = MAX_BYTES;

    public PieceSize(ClientLimits ofManager) {
        fit(ofManager);
    }

    /** Shrinks to what fits an outbox. */
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
