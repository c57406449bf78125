package io.tankws.core.outbox;

import io.tankws.Message;
import io.tankws.StreamPosition;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The encoded publications of one page, as many as its request allows. Not thread-safe. */
public final class RecoveredPage {
    private final HistoryRequest request;
    private final List<Entry> entries = new ArrayList<>();
    private long bytes;
    /** True if the outbox had no room for a publication of the page. */
    private boolean cut;

    private boolean atTop;

    /**
     * A publication.
     *
     * @param message message, or {@code null} if the protocol of the client has no form for the publication
     */
    record Entry(StreamPosition position, @Nullable Message message) {}

    /** Creates an empty page. */
    public RecoveredPage(HistoryRequest request) {
        this.request = request;
    }

    /**
     * Adds the next publication, or returns {@code false} if the outbox has no room for it.
     *
     * @param message message, or {@code null} if the protocol of the client has no form for the publication
     */
    public boolean add(StreamPosition position, @Nullable Message message) {
        int length = message == null ? 0 : message.frame().length();
        if (bytes > 0 && bytes + length > request.bytes()) {
            cut = true;
            return false;
        }
        bytes += length;
        entries.add(new Entry(position, message));
        return true;
    }

    /** Records that the history has no further publications. */
    public void reachTop() {
        atTop = true;
    }

    HistoryRequest request() {
        return request;
    }

    List<Entry> entries() {
        return entries;
    }

    boolean isWhole() {
        return !cut;
    }

    boolean reachesTop() {
        return atTop;
    }
}
