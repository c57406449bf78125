package io.tankws;

import io.tankws.wire.Utf8Text;
import java.util.Map;

/** The checks of the tags of a publication. */
final class Tags {
    private Tags() {}

    /** Returns an immutable copy of valid tags, which is shared if there are none. */
    static Map<String, String> checked(Map<String, String> tags) {
        if (tags.isEmpty()) {
            return Map.of();
        }
        if (tags.size() > Publication.MAX_TAGS) {
            throw new IllegalArgumentException(
                    "the number of tags must be at most " + Publication.MAX_TAGS + ", but was " + tags.size());
        }
        Map<String, String> copy = Map.copyOf(tags);
        long bytes = 0;
        for (Map.Entry<String, String> tag : copy.entrySet()) {
            if (tag.getKey().isEmpty()) {
                throw new IllegalArgumentException("the name of a tag must not be empty");
            }
            bytes += length("the name of a tag", tag.getKey()) + length("the value of a tag", tag.getValue());
        }
        if (bytes > Publication.MAX_TAG_BYTES) {
            throw new IllegalArgumentException("the tags of a publication must have at most "
                    + Publication.MAX_TAG_BYTES + " bytes in UTF-8, but had " + bytes);
        }
        return copy;
    }

    private static long length(String name, String text) {
        int length = Utf8Text.length(text);
        if (length == Utf8Text.NOT_ENCODABLE) {
            throw new IllegalArgumentException(name + " must not have a lone surrogate");
        }
        return length;
    }
}
