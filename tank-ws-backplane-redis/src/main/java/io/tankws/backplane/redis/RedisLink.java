package io.tankws.backplane.redis;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** One life of the connections to Redis: once anything in it breaks, all of it is given up for a new one. */
interface RedisLink {
    /** Is told what happens, on threads of Netty's. */
    interface Listener {
        void subscribed(RedisLink link, byte[] channel);

        void unsubscribed(RedisLink link, byte[] channel);

        void message(RedisLink link, byte[] channel, byte[] message);

        void broken(RedisLink link, Throwable cause);
    }

    /** Tells whether nothing has broken before anybody listened. */
    boolean isOpen();

    /** Publishes; the order of calls is the order on the wire. */
    CompletionStage<Long> publish(byte[] channel, byte[] message);

    /** Subscribes; {@link Listener#subscribed} is told of each channel. The stages fail if Redis refuses. */
    List<? extends CompletionStage<Void>> subscribe(List<byte[]> channels);

    /** Unsubscribes; {@link Listener#unsubscribed} is told of each channel. */
    List<? extends CompletionStage<Void>> unsubscribe(List<byte[]> channels);

    /** Channels by which every connection is used, made of one name. */
    List<String> probes(String name);

    /** For commands that do not subscribe. */
    RedisClusterAsyncCommands<byte[], byte[]> commands();

    /** Ends the connections; waits at most so long. */
    void close(Duration timeout);
}
