package io.tankws.protocol.centrifuge.message;

import io.tankws.protocol.centrifuge.codec.FieldNames;
import io.tankws.protocol.centrifuge.codec.FieldReader;
import java.io.IOException;

/**
 * A position in the history of a topic, as a client states it.
 *
 * @param offset the offset; negative from 2^63 on
 * @param epoch the epoch; empty if unknown
 */
public record Since(long offset, String epoch) {
    private static final FieldNames NAMES =
            FieldNames.builder().add(1, "offset").add(2, "epoch").build();

    static Since read(FieldReader in) throws IOException {
        long offset = 0;
        String epoch = "";
        for (int tag = in.nextField(NAMES); tag != FieldReader.END; tag = in.nextField(NAMES)) {
            switch (tag) {
                case 1 -> offset = in.unsignedLong();
                case 2 -> epoch = in.text();
                default -> in.skip();
            }
        }
        return new Since(offset, epoch);
    }
}
