package io.tankws.protocol.centrifuge.message;

import io.tankws.protocol.centrifuge.codec.FieldWriter;
import io.tankws.protocol.centrifuge.codec.WireMessage;
import org.jspecify.annotations.Nullable;

/** A message of the server: the reply to a command, a push, or a ping. Immutable. */
public final class Reply implements WireMessage {
    /** A ping, which has no field. */
    public static final Reply PING = new Reply(0, null, null, null);

    private static final int ID = 1;
    private static final int ERROR = 2;
    private static final int PUSH = 4;

    private final long id;
    private final @Nullable ReplyError error;
    private final @Nullable Push push;
    private final @Nullable Result result;

    private Reply(long id, @Nullable ReplyError error, @Nullable Push push, @Nullable Result result) {
        this.id = id;
        this.error = error;
        this.push = push;
        this.result = result;
    }

    /** Returns the reply to a command that succeeded. */
    public static Reply of(long id, Result result) {
        return new Reply(id, null, null, result);
    }

    /** Returns the reply to a command that failed. */
    public static Reply of(long id, ReplyError error) {
        return new Reply(id, error, null, null);
    }

    /** Returns a push. */
    public static Reply of(Push push) {
        return new Reply(0, null, push, null);
    }

    @Override
    public void writeTo(FieldWriter out) {
        out.number(ID, "id", id);
        out.message(ERROR, "error", error);
        out.message(PUSH, "push", push);
        if (result != null) {
            out.message(result.method().resultTag(), result.method().fieldName(), result);
        }
    }
}
