package io.tankws.core.outbox;

/**
 * One step of a publisher, of a client, or of the reader of its histories.
 *
 * @param topic index of the topic
 * @param argument number of repetitions
 */
record CatchUpCommand(Action action, int topic, int argument) {
    enum Action {
        /** Publications enter the history and are delivered. */
        PUBLISH,
        /** Publications enter the history. They are delivered later. */
        APPEND,
        /** Publications that have entered the history are delivered. */
        DELIVER,
        PUBLISH_WITHOUT_POSITION,
        SEND,
        /** Writes end. */
        TAKE,
        /** The reader asks for a page. */
        ASK,
        /** The reader gets the page that it asked for first, as the history was then. */
        ANSWER,
        /** The history cannot be read. */
        FAIL
    }
}
