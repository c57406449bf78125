package io.tankws.protocol.centrifuge.message;

import io.tankws.protocol.centrifuge.codec.FieldWriter;
import java.util.List;

/**
 * The result of a history request.
 *
 * @param publications the publications
 * @param epoch the epoch of the history
 * @param offset the offset of its newest publication
 */
public record HistoryResult(List<WirePublication> publications, String epoch, long offset) implements Result {
    @Override
    public void writeTo(FieldWriter out) {
        out.always().messages(1, "publications", publications);
        out.always().text(2, "epoch", epoch);
        out.always().number(3, "offset", offset);
    }

    @Override
    public Method method() {
        return Method.HISTORY;
    }
}
