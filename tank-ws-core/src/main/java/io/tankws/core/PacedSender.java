package io.tankws.core;

/** A client's way of sending to other clients, which {@link FlowControl} stops where it fills their outboxes. */
abstract class PacedSender {
    /** The {@link FlowControl}'s lock guards these six. */
    boolean waits;

    boolean departed;
    boolean unpaced;
    private long episode;

    private int messages;
    private int bytes;

    /** Takes from what is free in this episode, and returns whether that was possible. */
    final boolean spend(FlowControl flow, int moreMessages, int moreBytes) {
        long currentEpisode = flow.episode();
        if (episode != currentEpisode) {
            episode = currentEpisode;
            messages = 0;
            bytes = 0;
        }
        if (messages + moreMessages > flow.freeMessages || bytes + moreBytes > flow.freeBytes) {
            return false;
        }
        messages += moreMessages;
        bytes += moreBytes;
        return true;
    }

    /** Returns whether it waits while other senders do, so that each gets its turn. Else only filled outboxes hold it. */
    abstract boolean takesTurns();

    /** Returns whether a filled outbox is one that it sends to. Called under the flow control's lock. */
    abstract boolean isHeldBy(FlowControl flow);

    /** Sends the next of what waits; called once after each {@link FlowControl#await}, outside of locks. */
    abstract void proceed();
}
