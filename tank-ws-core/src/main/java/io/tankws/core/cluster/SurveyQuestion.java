package io.tankws.core.cluster;

/**
 * A question about the clients of each node.
 *
 * @param subject topic, or user id for {@link Kind#CONNECTED}
 * @param max maximum number of members in the answer to {@link Kind#MEMBERS}
 */
record SurveyQuestion(Kind kind, String subject, int max) {
    /** The kinds of questions. */
    enum Kind {
        /** The members of a topic. */
        MEMBERS(0),
        /** The numbers of members and users of a topic. */
        COUNT(1),
        /** The presence of a user on the node. */
        CONNECTED(2);

        /** Number of the kind in node messages. It never changes. */
        private final int code;

        Kind(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }

        /**
         * Returns the kind with a number.
         *
         * @throws IllegalArgumentException if there is none
         */
        static Kind of(int code) {
            for (Kind kind : values()) {
                if (kind.code == code) {
                    return kind;
                }
            }
            throw new IllegalArgumentException("no question has the number " + code);
        }
    }
}
