package io.tankws;

/**
 * A handler of the messages of clients that are not commands. Without a handler, they are relayed to all other
 * clients, see {@link BinaryRelay}.
 *
 * <p>Called on a callback thread, see {@link ManagerLimits#callbackThreads()}, so it may block: the messages of one
 * client come one at a time and in order, those of several clients at once. While a client's handler is busy, at most
 * {@link ClientLimits#inboxMessages()} of its messages wait, then its socket is no longer read. A throw becomes an
 * {@link ErrorEvent}; the client stays.
 *
 * <p>Implemented by applications.
 */
@FunctionalInterface
public interface MessageHandler {
    /**
     * Handles one message.
     *
     * @param client the sender
     * @param message the message
     * @throws Exception any exception, which the manager reports
     */
    void onMessage(Client client, Message message) throws Exception;
}
