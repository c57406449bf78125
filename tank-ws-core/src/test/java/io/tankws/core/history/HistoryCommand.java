package io.tankws.core.history;

/**
 * One call of a history, or a change of its environment.
 *
 * @param topic the index of the topic
 * @param argument the meaning depends on the action
 */
record HistoryCommand(Action action, int topic, int argument) {
    enum Action {
        /** The argument is the size of the payload. */
        APPEND,
        /** The argument is the key. */
        APPEND_WITH_KEY,
        APPEND_NOT_KEPT,
        APPEND_WITHOUT_HISTORY,
        /** The argument is the limit. */
        READ,
        READ_REVERSE,
        /** The argument selects the position among those of the topic. */
        READ_SINCE,
        READ_REVERSE_SINCE,
        /** A position of an epoch that the topic had before. */
        READ_OLD_EPOCH,
        READ_BEYOND_TOP,
        TOP,
        REMOVE,
        /** The argument is the time in seconds. */
        PASS_TIME,
        EXPIRE
    }
}
