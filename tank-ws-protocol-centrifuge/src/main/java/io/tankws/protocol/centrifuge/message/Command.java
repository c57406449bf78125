package io.tankws.protocol.centrifuge.message;

import io.tankws.protocol.centrifuge.codec.FieldNames;
import io.tankws.protocol.centrifuge.codec.FieldReader;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A command of a client.
 *
 * @param id the number that the reply repeats; 0 if there is no reply
 * @param request the request, or {@code null} if the command has none
 */
public record Command(long id, @Nullable Request request) {
    private static final int ID = 1;
    private static final FieldNames NAMES = names();

    private static FieldNames names() {
        FieldNames.Builder names = FieldNames.builder().add(ID, "id");
        for (Method method : Method.values()) {
            names.add(method.requestTag(), method.fieldName());
        }
        return names.build();
    }

    /**
     * Reads a command.
     *
     * @throws IOException if the command is malformed
     */
    public static Command read(FieldReader in) throws IOException {
        long id = 0;
        Request first = null;
        for (int tag = in.nextField(NAMES); tag != FieldReader.END; tag = in.nextField(NAMES)) {
            Method method = Method.ofRequest(tag);
            if (tag == ID) {
                id = in.unsignedInt();
            } else if (method == null) {
                in.skip();
            } else {
                first = first(first, in.message(method.reader()));
            }
        }
        return new Command(id, first);
    }

    private static @Nullable Request first(@Nullable Request one, @Nullable Request other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return other.method().compareTo(one.method()) <= 0 ? other : one;
    }

    /** Returns whether the command answers a ping: it has no id and is no message. */
    public boolean isPong() {
        return id == 0 && !(request instanceof SendRequest);
    }
}
