package io.tankws.backplane.redis;

import io.lettuce.core.resource.EventLoopGroupProvider;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.HashedWheelTimer;
import io.netty.util.Timer;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The event loop of a backplane. Its one thread reads and writes all connections, keeps the state and calls the
 * listener, so none of this needs a lock. A second thread is the timer of Lettuce's logins.
 */
final class RedisEventLoop implements EventLoopGroupProvider {
    /** Time in milliseconds to wait for the end of a thread. None of them runs blocking code. */
    private static final long MAX_JOIN_MILLIS = 1_000;

    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final EventLoopGroup group;
    private final EventLoop loop;
    private final Timer timer;

    RedisEventLoop(String name) {
        ThreadFactory factory = task -> thread(task, name);
        group = new MultiThreadIoEventLoopGroup(1, factory, NioIoHandler.newFactory());
        loop = group.next();
        timer = new HashedWheelTimer(task -> thread(task, name + "-timer"));
    }

    private Thread thread(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        threads.add(thread);
        return thread;
    }

    EventLoop loop() {
        return loop;
    }

    Timer timer() {
        return timer;
    }

    @Override
    public <T extends EventLoopGroup> T allocate(Class<T> type) {
        return type.cast(group);
    }

    @Override
    public int threadPoolSize() {
        return 1;
    }

    /** Does nothing: this class ends the event loop, not the client. */
    @Override
    public Future<Boolean> release(EventExecutorGroup used, long quietPeriod, long timeout, TimeUnit unit) {
        return ImmediateEventExecutor.INSTANCE.newSucceededFuture(true);
    }

    @Override
    public Future<Boolean> shutdown(long quietPeriod, long timeout, TimeUnit unit) {
        return ImmediateEventExecutor.INSTANCE.newSucceededFuture(true);
    }

    /** Ends the threads without running the remaining tasks. Waits for them unless the caller is interrupted. */
    void end() {
        timer.stop();
        try {
            group.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        } catch (OutOfMemoryError e) {
            // The thread has never started and cannot start now.
        }
        for (Thread thread : threads) {
            if (thread != Thread.currentThread()) {
                try {
                    thread.join(MAX_JOIN_MILLIS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }
}
