package io.tankws;

/**
 * What happens with a client's message that is no command; without one, it is relayed to all other clients, see
 * {@link BinaryRelay}.
 *
 * <p>Called on a callback thread, see {@link ManagerLimits#callbackThreads()}, so it may block: the messages of one client come
 * one at a time and in order, those of several clients at once. While a client's handler is busy, at most
 * {@link ClientLimits#inboxMessages()} of its messages wait, then its socket is no longer read. A throw becomes an
 * {@link ErrorEvent}; the client stays.
 *
 * <p>Implemented by applications.
 */
@FunctionalInterface
public interface MessageHandler {
    /**
     * Takes one message.
     *
     * @param client who sent it
     * @param message what was sent
     * @throws Exception any; it is reported
     */
    void onMessage(Client client, Message message) throws Exception;
}
