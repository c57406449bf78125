package io.tankws.backplane.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.tankws.testkit.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class LoopTaskQueueTest {
    private final List<String> done = new ArrayList<>();
    private final List<Runnable> tasks = new ArrayList<>();
    private boolean exhausted;
    private final LoopTaskQueue mailbox = new LoopTaskQueue(task -> {
        if (exhausted) {
            throw new OutOfMemoryError("unable to create native thread: of this test");
        }
        tasks.add(task);
    });
    private final LoopTaskQueue withoutThread = new LoopTaskQueue(task -> {
        throw new RejectedExecutionException("the thread has ended");
    });

    private void runTasks() {
        List<Runnable> now = List.copyOf(tasks);
        tasks.clear();
        now.forEach(Runnable::run);
    }

    /**
     * Tasks of other threads complete stages with dependent actions, which must not run under a lock of this caller.
     */
    @Test
    void afterTheEndEachThreadRunsItsOwnTaskWithoutALock() {
        AtomicReference<Thread> late = new AtomicReference<>();
        List<Thread> others = new CopyOnWriteArrayList<>();
        withoutThread.add(() -> {
            others.add(Thread.currentThread());
            CompletableFuture<Void> asked = CompletableFuture.runAsync(
                    () -> withoutThread.add(() -> late.set(Thread.currentThread())), task -> new Thread(task).start());
            Await.until("the request of another thread", asked::isDone);
        });
        withoutThread.add(() -> others.add(Thread.currentThread()));
        withoutThread.drainAll();
        assertEquals(List.of(Thread.currentThread(), Thread.currentThread()), others);
        assertNotNull(late.get());
        assertNotSame(Thread.currentThread(), late.get());
    }

    @Test
    void anEndedQueueRunsATaskAtOnce() {
        withoutThread.drainAll();
        AtomicReference<Thread> thread = new AtomicReference<>();
        withoutThread.add(() -> thread.set(Thread.currentThread()));
        assertSame(Thread.currentThread(), thread.get());
    }

    @Test
    void aTaskThatFoundNoThreadRunsWithTheNextOne() {
        exhausted = true;
        mailbox.add(() -> done.add("first"));
        exhausted = false;
        mailbox.add(() -> done.add("second"));
        runTasks();
        assertEquals(List.of("first", "second"), done);
    }

    @Test
    void tasksAfterOneThatThrowsRun() {
        mailbox.add(() -> {
            throw new OutOfMemoryError("of this test");
        });
        mailbox.add(() -> done.add("after"));
        runTasks();
        assertEquals(List.of("after"), done);
    }

    @Test
    void tasksAfterOneThatThrowsRunAtTheEnd() {
        mailbox.add(() -> {
            throw new OutOfMemoryError("of this test");
        });
        mailbox.add(() -> done.add("after"));
        mailbox.drainAll();
        assertEquals(List.of("after"), done);
    }
}
