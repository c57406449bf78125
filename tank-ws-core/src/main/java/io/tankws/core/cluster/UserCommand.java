package io.tankws.core.cluster;

/** A command about the subscriptions of all connections of a user to one topic. */
public record UserCommand(Action action, String userId, String topic) {
    /** The actions. */
    public enum Action {
        SUBSCRIBE(0),
        UNSUBSCRIBE(1),
        REVOKE(2);

        /** Number of the action in node messages. It never changes. */
        private final int code;

        Action(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }

        /**
         * Returns the action with a number.
         *
         * @throws IllegalArgumentException if there is none
         */
        static Action of(int code) {
            for (Action action : values()) {
                if (action.code == code) {
                    return action;
                }
            }
            throw new IllegalArgumentException("no action has the number " + code);
        }
    }
}
