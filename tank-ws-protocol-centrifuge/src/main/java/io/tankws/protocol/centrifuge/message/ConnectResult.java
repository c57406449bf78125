package io.tankws.protocol.centrifuge.message;

import io.tankws.protocol.centrifuge.codec.FieldWriter;
import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The result of a connect request.
 *
 * @param client the client id
 * @param version the version of the server
 * @param expires whether the client must send a new token
 * @param ttl the time until then in seconds
 * @param data data of the application, or {@code null}
 * @param subs the subscriptions by the server, by topic
 * @param ping the interval of pings in seconds; never 0, because an SDK would expect pings in any case
 * @param pong whether the client must answer pings
 * @param time milliseconds since 1970; 0 if the time is not stated
 */
public record ConnectResult(
        String client,
        String version,
        boolean expires,
        long ttl,
        @Nullable ByteBuffer data,
        Map<String, SubscribeResult> subs,
        long ping,
        boolean pong,
        long time)
        implements Result {
    /** Starts a result without any field. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public void writeTo(FieldWriter out) {
        out.text(1, "client", client);
        out.text(2, "version", version);
        out.flag(3, "expires", expires);
        out.number(4, "ttl", ttl);
        out.raw(5, "data", data);
        out.messageEntries(6, "subs", subs);
        out.number(7, "ping", ping);
        out.flag(8, "pong", pong);
        out.number(11, "time", time);
    }

    @Override
    public Method method() {
        return Method.CONNECT;
    }

    /** Collects the fields. Not thread-safe. */
    public static final class Builder {
        private String client = "";
        private String version = "";
        private boolean expires;
        private long ttl;
        private @Nullable ByteBuffer data;
        private Map<String, SubscribeResult> subs = Map.of();
        private long ping;
        private boolean pong;
        private long time;

        private Builder() {}

        /** Sets the field of this name. */
        public Builder client(String client) {
            this.client = client;
            return this;
        }

        /** Sets the field of this name. */
        public Builder version(String version) {
            this.version = version;
            return this;
        }

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
        public Builder data(@Nullable ByteBuffer data) {
            this.data = data;
            return this;
        }

        /** Sets the field of this name. */
        public Builder subs(Map<String, SubscribeResult> subs) {
            this.subs = subs;
            return this;
        }

        /** Sets the field of this name. */
        public Builder ping(long ping) {
            this.ping = ping;
            return this;
        }

        /** Sets the field of this name. */
        public Builder pong(boolean pong) {
            this.pong = pong;
            return this;
        }

        /** Sets the field of this name. */
        public Builder time(long time) {
            this.time = time;
            return this;
        }

        /** Returns the message. */
        public ConnectResult build() {
            return new ConnectResult(client, version, expires, ttl, data, subs, ping, pong, time);
        }
    }
}
