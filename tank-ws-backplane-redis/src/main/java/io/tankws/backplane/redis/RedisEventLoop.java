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
 * The one thread of a backplane: it reads and writes every connection, keeps the state and calls the listener, so nothing of
 * that needs a lock. Beside it there is a timer for Lettuce's logins.
 */
final class RedisEventLoop implements EventLoopGroupProvider {
    /** How long a thread may take to end; none of them runs what blocks. */
    private static final long LONGEST_END_MILLIS = 1_000;

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

    /** The client does not end what it does not own. */
    @Override
    public Future<Boolean> release(EventExecutorGroup used, long quietPeriod, long timeout, TimeUnit unit) {
        return ImmediateEventExecutor.INSTANCE.newSucceededFuture(true);
    }

    @Override
    public Future<Boolean> shutdown(long quietPeriod, long timeout, TimeUnit unit) {
        return ImmediateEventExecutor.INSTANCE.newSucceededFuture(true);
    }

    /** Ends the threads, whatever is left to do; when it returns, they are gone, or this one was interrupted. */
    void end() {
        timer.stop();
        try {
            group.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        } catch (OutOfMemoryError e) {
            // The thread never started, and cannot start in order to end.
        }
        for (Thread thread : threads) {
            if (thread != Thread.currentThread()) {
                try {
                    thread.join(LONGEST_END_MILLIS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }
}
