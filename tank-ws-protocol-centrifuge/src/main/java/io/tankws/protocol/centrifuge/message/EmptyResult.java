package io.tankws.protocol.centrifuge.message;

import io.tankws.protocol.centrifuge.codec.FieldWriter;

/**
 * A result without content.
 *
 * @param method the method that succeeded
 */
public record EmptyResult(Method method) implements Result {
    /** The result of an unsubscribe request. */
    public static final EmptyResult UNSUBSCRIBE = new EmptyResult(Method.UNSUBSCRIBE);

    /** The result of a publish request. */
    public static final EmptyResult PUBLISH = new EmptyResult(Method.PUBLISH);

    @Override
    public void writeTo(FieldWriter out) {
        // The presence of the result is its only content.
    }
}
