package io.tankws.benchmarks.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The connected clients by event loop, so that a batch of messages is handed over once per loop. */
final class NettyGroup {
    private final Map<EventLoop, Set<Channel>> byLoop = new ConcurrentHashMap<>();

    /** Called only on the event loop of the channel. */
    void add(Channel channel) {
        byLoop.computeIfAbsent(channel.eventLoop(), loop -> new LinkedHashSet<>())
                .add(channel);
    }

    /** Called only on the event loop of the channel. */
    void remove(Channel channel) {
        byLoop.getOrDefault(channel.eventLoop(), Set.of()).remove(channel);
    }

    /** Writes complete frames to all clients except their sender, and releases the frames. */
    void send(Channel sender, List<ByteBuf> frames) {
        byLoop.forEach((loop, channels) -> {
            frames.forEach(ByteBuf::retain);
            if (loop.inEventLoop()) {
                write(sender, channels, frames);
            } else {
                loop.execute(() -> write(sender, channels, frames));
            }
        });
        frames.forEach(ByteBuf::release);
    }

    private static void write(Channel sender, Set<Channel> channels, List<ByteBuf> frames) {
        for (Channel channel : channels) {
            if (channel != sender) {
                // The encoder passes on buffers unchanged, because they are not frame objects.
                frames.forEach(frame -> channel.write(frame.retainedDuplicate()));
                channel.flush();
            }
        }
        frames.forEach(ByteBuf::release);
    }
}
