package io.tankws.backplane.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisException;
import io.lettuce.core.pubsub.RedisPubSubListener;

/** Passes on what Lettuce tells of one link, until that is closed. */
final class LinkListener implements RedisPubSubListener<byte[], byte[]>, RedisConnectionStateListener {
    private final RedisLink link;
    private final RedisLink.Listener listener;
    private volatile boolean closed;

    LinkListener(RedisLink link, RedisLink.Listener listener) {
        this.link = link;
        this.listener = listener;
    }

    void close() {
        closed = true;
    }

    @Override
    public void message(byte[] channel, byte[] message) {
        listener.message(link, channel, message);
    }

    @Override
    public void smessage(byte[] channel, byte[] message) {
        listener.message(link, channel, message);
    }

    @Override
    public void subscribed(byte[] channel, long count) {
        listener.subscribed(link, channel);
    }

    @Override
    public void ssubscribed(byte[] channel, long count) {
        listener.subscribed(link, channel);
    }

    @Override
    public void unsubscribed(byte[] channel, long count) {
        listener.unsubscribed(link, channel);
    }

    @Override
    public void sunsubscribed(byte[] channel, long count) {
        listener.unsubscribed(link, channel);
    }

    @Override
    public void message(byte[] pattern, byte[] channel, byte[] message) {
        // No patterns are subscribed to.
    }

    @Override
    public void psubscribed(byte[] pattern, long count) {
        // No patterns are subscribed to.
    }

    @Override
    public void punsubscribed(byte[] pattern, long count) {
        // No patterns are subscribed to.
    }

    @Override
    public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
        if (!closed) {
            listener.broken(link, new RedisException("a connection to Redis was closed"));
        }
    }
}
