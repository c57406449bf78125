package io.tankws.core.support;

import io.tankws.core.outbox.MessageBatch;
import io.tankws.core.outbox.Outbox;
import io.tankws.core.routing.Audience;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** An audience without members that records its flushes and their threads. */
public class FakeAudience extends Audience {
    public final AtomicInteger flushes = new AtomicInteger();
    public final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    public volatile Thread lastThread;
    public volatile Runnable duringFlush = () -> {};
    public volatile boolean small;
    public volatile boolean urgent;

    @Override
    public boolean isSmall() {
        return small;
    }

    @Override
    public Outbox[] snapshot() {
        throw new AssertionError("the fan-out must not request a snapshot");
    }

    @Override
    public void send(MessageBatch batch, Outbox excluded) {
        flush();
    }

    @Override
    public boolean offer(MessageBatch batch, Outbox excluded) {
        return urgent;
    }

    @Override
    public void flush() {
        lastThread = Thread.currentThread();
        threads.add(lastThread);
        flushes.incrementAndGet();
        duringFlush.run();
    }
}
