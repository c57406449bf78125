package io.tankws.core.history;

import io.tankws.Payload;
import io.tankws.Publication;
import io.tankws.PublisherInfo;
import java.util.Map;

/**
 * The number of bytes with which a kept publication counts. It is never less than the memory that the publication
 * takes, whatever the size of a reference. {@code HistoryMemoryTest} measures that memory.
 */
final class PublicationSize {
    /** The publication, its payload, the header of its bytes, and its place in the stream. */
    static final int PUBLICATION = 176;

    /** Two strings and a place in a map. */
    private static final int TAG = 208;

    /** The map of all tags. */
    private static final int TAGS = 96;

    /** The publisher, two strings and an info. Publications may share a publisher, but each one counts it. */
    private static final int PUBLISHER = 256;

    private PublicationSize() {}

    static long of(Publication publication) {
        long size = PUBLICATION + (long) publication.payload().size();
        if (!publication.tags().isEmpty()) {
            size += TAGS;
            for (Map.Entry<String, String> tag : publication.tags().entrySet()) {
                size += TAG + chars(tag.getKey()) + chars(tag.getValue());
            }
        }
        return size + publication.publisher().map(PublicationSize::of).orElse(0L);
    }

    private static Long of(PublisherInfo publisher) {
        return PUBLISHER
                + chars(publisher.clientId())
                + chars(publisher.userId())
                + publisher.info().map(Payload::size).orElse(0);
    }

    /** Returns the maximum number of bytes in which a string keeps its characters. */
    private static long chars(String text) {
        return 2L * text.length();
    }
}
