package io.tankws;

/**
 * The failure to read the history of a topic from a position that has no meaning in its stream. The caller must load
 * its state again and continue from {@link #top()}.
 *
 * <p>Created by {@link UnknownPosition}; not to be extended.
 */
public final class UnknownPositionException extends TankWsException {
    private static final long serialVersionUID = 1L;

    /** The reason; never {@code null}. */
    private final UnknownPosition.Reason reason;
    /** The epoch of the stream; never {@code null}. */
    private final String epoch;
    /** The offset of the newest publication. */
    private final long offset;

    UnknownPositionException(UnknownPosition position) {
        super(message(position), null);
        reason = position.reason();
        epoch = position.top().epoch();
        offset = position.top().offset();
    }

    private static String message(UnknownPosition position) {
        String text = switch (position.reason()) {
            case OTHER_EPOCH -> "the position is of another epoch than the history of the topic";
            case BEYOND_TOP -> "the position is beyond the newest publication of the topic";
        };
        return text + ", which is " + position.top() + "; load the state again and continue from there";
    }

    /** {@return the reason why the position has no meaning} */
    public UnknownPosition.Reason reason() {
        return reason;
    }

    /** {@return the position of the newest publication of the topic} */
    public StreamPosition top() {
        return new StreamPosition(epoch, offset);
    }
}
