package io.tankws.protocol.centrifuge.message;

import io.tankws.protocol.centrifuge.codec.FieldWriter;
import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A publication in a push or in a result.
 *
 * @param data the payload or a patch, or {@code null}
 * @param info the client that published, or {@code null} for the server
 * @param offset the offset; 0 if the publication is not kept
 * @param tags the tags
 * @param delta whether the data is a patch
 * @param time milliseconds since 1970; 0 if the time is not stated
 * @param channel the topic, if it differs from that of the push
 * @param epoch the epoch, stated with offset 1
 */
public record WirePublication(
        @Nullable ByteBuffer data,
        @Nullable ClientInfo info,
        long offset,
        Map<String, String> tags,
        boolean delta,
        long time,
        String channel,
        String epoch)
        implements PushBody {
    /** Starts a publication without any field. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public void writeTo(FieldWriter out) {
        out.raw(4, "data", data);
        out.message(5, "info", info);
        out.number(6, "offset", offset);
        out.textEntries(7, "tags", tags);
        out.flag(8, "delta", delta);
        out.number(9, "time", time);
        out.text(10, "channel", channel);
        out.text(14, "epoch", epoch);
    }

    @Override
    public int tag() {
        return 4;
    }

    @Override
    public String fieldName() {
        return "pub";
    }

    /** Collects the fields. Not thread-safe. */
    public static final class Builder {
        private @Nullable ByteBuffer data;
        private @Nullable ClientInfo info;
        private long offset;
        private Map<String, String> tags = Map.of();
        private boolean delta;
        private long time;
        private String channel = "";
        private String epoch = "";

        private Builder() {}

        /** Sets the field of this name. */
        public Builder data(@Nullable ByteBuffer data) {
            this.data = data;
            return this;
        }

        /** Sets the field of this name. */
        public Builder info(@Nullable ClientInfo info) {
            this.info = info;
            return this;
        }

        /** Sets the field of this name. */
        public Builder offset(long offset) {
            this.offset = offset;
            return this;
        }

        /** Sets the field of this name. */
        public Builder tags(Map<String, String> tags) {
            this.tags = tags;
            return this;
        }

        /** Sets the field of this name. */
        public Builder delta(boolean delta) {
            this.delta = delta;
            return this;
        }

        /** Sets the field of this name. */
        public Builder time(long time) {
            this.time = time;
            return this;
        }

        /** Sets the field of this name. */
        public Builder channel(String channel) {
            this.channel = channel;
            return this;
        }

        /** Sets the field of this name. */
        public Builder epoch(String epoch) {
            this.epoch = epoch;
            return this;
        }

        /** Returns the message. */
        public WirePublication build() {
            return new WirePublication(data, info, offset, tags, delta, time, channel, epoch);
        }
    }
}
