package io.tankws.protocol.centrifuge.message;

import io.tankws.protocol.centrifuge.codec.FieldNames;
import io.tankws.protocol.centrifuge.codec.FieldReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A request to subscribe to a topic.
 *
 * @param channel the topic
 * @param token the token for this topic; empty if there is none
 * @param recover whether the client asks for the publications that it has missed since its position
 * @param epoch the epoch of its position; empty if unknown
 * @param offset the offset of its position; negative from 2^63 on
 * @param data data of the application, or {@code null}
 * @param positioned whether the client asks for a check of continuity
 * @param recoverable whether the client asks for recovery
 * @param joinLeave whether the client asks for joins and leaves
 * @param delta the requested kind of patches; empty for none
 * @param tf the filter by tags, or {@code null}
 * @param flag the bits of {@link #REJECT_UNRECOVERED} and of features that the server does not offer
 * @param type the kind of subscription; only 0, a stream, is offered
 */
public record SubscribeRequest(
        String channel,
        String token,
        boolean recover,
        String epoch,
        long offset,
        @Nullable ByteBuffer data,
        boolean positioned,
        boolean recoverable,
        boolean joinLeave,
        String delta,
        @Nullable FilterNode tf,
        long flag,
        int type)
        implements Request {
    /** The bit of a client that wants an error instead of a subscription that has not recovered. */
    public static final long REJECT_UNRECOVERED = 2;

    private static final FieldNames NAMES = FieldNames.builder()
            .add(1, "channel")
            .add(2, "token")
            .add(3, "recover")
            .add(6, "epoch")
            .add(7, "offset")
            .add(8, "data")
            .add(9, "positioned")
            .add(10, "recoverable")
            .add(11, "join_leave")
            .add(12, "delta")
            .add(13, "tf")
            .add(14, "flag")
            .add(15, "type")
            .build();

    static SubscribeRequest read(FieldReader in) throws IOException {
        String channel = "";
        String token = "";
        boolean recover = false;
        String epoch = "";
        long offset = 0;
        ByteBuffer data = null;
        boolean positioned = false;
        boolean recoverable = false;
        boolean joinLeave = false;
        String delta = "";
        FilterNode tf = null;
        long flag = 0;
        int type = 0;
        for (int tag = in.nextField(NAMES); tag != FieldReader.END; tag = in.nextField(NAMES)) {
            switch (tag) {
                case 1 -> channel = in.text();
                case 2 -> token = in.text();
                case 3 -> recover = in.flag();
                case 6 -> epoch = in.text();
                case 7 -> offset = in.unsignedLong();
                case 8 -> data = in.raw();
                case 9 -> positioned = in.flag();
                case 10 -> recoverable = in.flag();
                case 11 -> joinLeave = in.flag();
                case 12 -> delta = in.text();
                case 13 -> tf = in.message(FilterNode::read);
                case 14 -> flag = in.signedLong();
                case 15 -> type = in.signedInt();
                default -> in.skip();
            }
        }
        return new SubscribeRequest(
                channel,
                token,
                recover,
                epoch,
                offset,
                data,
                positioned,
                recoverable,
                joinLeave,
                delta,
                tf,
                flag,
                type);
    }

    @Override
    public Method method() {
        return Method.SUBSCRIBE;
    }
}
