package io.tankws.transport.javawebsocket;

import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** Buffers through which frames go to sockets: a pool, for writers may be virtual threads without number. */
final class BufferPool {
    private static final int SIZE = 32 * 1024;

    private final BlockingQueue<ByteBuffer> free =
            new ArrayBlockingQueue<>(4 * Runtime.getRuntime().availableProcessors());

    ByteBuffer take() {
        ByteBuffer buffer = free.poll();
        return buffer == null ? ByteBuffer.allocateDirect(SIZE) : buffer.clear();
    }

    void give(ByteBuffer buffer) {
        free.offer(buffer);
    }
}
