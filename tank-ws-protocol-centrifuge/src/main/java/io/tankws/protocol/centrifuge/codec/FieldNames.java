package io.tankws.protocol.centrifuge.codec;

import java.util.HashMap;
import java.util.Map;

/** The names of the fields of one message in JSON, with their tags. Immutable. */
public final class FieldNames {
    /** The tag of a field that the message does not know. */
    static final int UNKNOWN = -1;

    private final Map<String, Integer> tags;

    private FieldNames(Map<String, Integer> tags) {
        this.tags = tags;
    }

    /** Starts a table. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns the tag of a field, or {@link #UNKNOWN}. */
    int tagOf(String name) {
        Integer tag = tags.get(name);
        return tag == null ? UNKNOWN : tag;
    }

    /** Collects the fields of a message. */
    public static final class Builder {
        private final Map<String, Integer> tags = new HashMap<>();

        private Builder() {}

        /** Adds a field with its tag in Protobuf and its name in JSON. */
        public Builder add(int tag, String name) {
            tags.put(name, tag);
            return this;
        }

        /** Returns the table. */
        public FieldNames build() {
            return new FieldNames(Map.copyOf(tags));
        }
    }
}
