package io.tankws.benchmarks.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** All that are connected, by the event loop that alone touches them: so a batch costs one hand-over per loop. */
final class NettyGroup {
    private final Map<EventLoop, Set<Channel>> byLoop = new ConcurrentHashMap<>();

    /** Called on the channel's event loop. */
    void add(Channel channel) {
        byLoop.computeIfAbsent(channel.eventLoop(), loop -> new LinkedHashSet<>())
                .add(channel);
    }

    /** Called on the channel's event loop. */
    void remove(Channel channel) {
        byLoop.getOrDefault(channel.eventLoop(), Set.of()).remove(channel);
    }

    /** Writes whole frames, which it releases, to all but their sender. */
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
                // A buffer is no frame to the encoder, so it passes as it is.
                frames.forEach(frame -> channel.write(frame.retainedDuplicate()));
                channel.flush();
            }
        }
        frames.forEach(ByteBuf::release);
    }
}
