package io.tankws.protocol.centrifuge.message;

import io.tankws.protocol.centrifuge.codec.FieldWriter;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A push that reports a subscription by the server.
 *
 * @param recoverable whether the client may recover after a reconnection
 * @param epoch the epoch of the position at which the subscription begins
 * @param offset the offset of that position
 * @param positioned whether the server checks continuity
 * @param data data of the application, or {@code null}
 */
public record SubscribePush(
        boolean recoverable,
        String epoch,
        long offset,
        boolean positioned,
        @Nullable ByteBuffer data) implements PushBody {
    @Override
    public void writeTo(FieldWriter out) {
        out.flag(1, "recoverable", recoverable);
        out.text(4, "epoch", epoch);
        out.number(5, "offset", offset);
        out.flag(6, "positioned", positioned);
        out.raw(7, "data", data);
    }

    @Override
    public int tag() {
        return 9;
    }

    @Override
    public String fieldName() {
        return "subscribe";
    }
}
