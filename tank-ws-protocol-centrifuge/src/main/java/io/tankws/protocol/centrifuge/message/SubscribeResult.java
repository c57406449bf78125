package io.tankws.protocol.centrifuge.message;

import io.tankws.protocol.centrifuge.codec.FieldWriter;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of a subscribe request.
 *
 * @param expires whether the client must send a new token
 * @param ttl the time until then in seconds
 * @param recoverable whether the client may recover after a reconnection
 * @param epoch the epoch of the position
 * @param publications all publications that the client missed; empty if it has not recovered
 * @param recovered whether nothing is missing
 * @param offset the offset of the position: that of the request if the client has recovered, that of the newest
 *     publication otherwise
 * @param positioned whether the server checks continuity
 * @param data data of the application, or {@code null}
 * @param wasRecovering whether the client asked for recovery
 * @param delta whether publications may be patches
 */
public record SubscribeResult(
        boolean expires,
        long ttl,
        boolean recoverable,
        String epoch,
        List<WirePublication> publications,
        boolean recovered,
        long offset,
        boolean positioned,
        @Nullable ByteBuffer data,
        boolean wasRecovering,
        boolean delta)
        implements Result {
    /** Starts a result without any field. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public void writeTo(FieldWriter out) {
        out.flag(1, "expires", expires);
        out.number(2, "ttl", ttl);
        out.flag(3, "recoverable", recoverable);
        out.text(6, "epoch", epoch);
        out.messages(7, "publications", publications);
        out.flag(8, "recovered", recovered);
        out.number(9, "offset", offset);
        out.flag(10, "positioned", positioned);
        out.raw(11, "data", data);
        out.flag(12, "was_recovering", wasRecovering);
        out.flag(13, "delta", delta);
    }

    @Override
    public Method method() {
        return Method.SUBSCRIBE;
    }

    /** Collects the fields. Not thread-safe. */
    public static final class Builder {
        private boolean expires;
        private long ttl;
        private boolean recoverable;
        private String epoch = "";
        private List<WirePublication> publications = List.of();
        private boolean recovered;
        private long offset;
        private boolean positioned;
        private @Nullable ByteBuffer data;
        private boolean wasRecovering;
        private boolean delta;

        private Builder() {}

        /** Sets the field of this name. */
        public Builder expires(boolean expires) {
            this.expires = expires;
            return this;
        }

        /** Sets the field of this name. */
        public Builder ttl(long ttl) {
            this.ttl = ttl;
            return this;
        }

        /** Sets the field of this name. */
        public Builder recoverable(boolean recoverable) {
            this.recoverable = recoverable;
            return this;
        }

        /** Sets the field of this name. */
        public Builder epoch(String epoch) {
            this.epoch = epoch;
            return this;
        }

        /** Sets the field of this name. */
        public Builder publications(List<WirePublication> publications) {
            this.publications = publications;
            return this;
        }

        /** Sets the field of this name. */
        public Builder recovered(boolean recovered) {
            this.recovered = recovered;
            return this;
        }

        /** Sets the field of this name. */
        public Builder offset(long offset) {
            this.offset = offset;
            return this;
        }

        /** Sets the field of this name. */
        public Builder positioned(boolean positioned) {
            this.positioned = positioned;
            return this;
        }

        /** Sets the field of this name. */
        public Builder data(@Nullable ByteBuffer data) {
            this.data = data;
            return this;
        }

        /** Sets the field of this name. */
        public Builder wasRecovering(boolean wasRecovering) {
            this.wasRecovering = wasRecovering;
            return this;
        }

        /** Sets the field of this name. */
        public Builder delta(boolean delta) {
            this.delta = delta;
            return this;
        }

        /** Returns the message. */
        public SubscribeResult build() {
            return new SubscribeResult(
                    expires,
                    ttl,
                    recoverable,
                    epoch,
                    publications,
                    recovered,
                    offset,
                    positioned,
                    data,
                    wasRecovering,
                    delta);
        }
    }
}
