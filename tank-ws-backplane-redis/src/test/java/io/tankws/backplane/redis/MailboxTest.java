package io.tankws.backplane.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.tankws.testkit.Await;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class MailboxTest {
    private final Mailbox mailbox = new Mailbox(task -> {
        throw new RejectedExecutionException("the thread has ended");
    });

    /** Requests of other threads complete stages with dependents, which must not run under a lock of this caller. */
    @Test
    void afterTheEndEachThreadRunsItsOwnRequestUnderNoLock() {
        AtomicReference<Thread> late = new AtomicReference<>();
        List<Thread> others = new CopyOnWriteArrayList<>();
        mailbox.add(() -> {
            others.add(Thread.currentThread());
            CompletableFuture<Void> asked = CompletableFuture.runAsync(
                    () -> mailbox.add(() -> late.set(Thread.currentThread())), task -> new Thread(task).start());
            Await.until("the request of another thread", asked::isDone);
        });
        mailbox.add(() -> others.add(Thread.currentThread()));
        mailbox.end();
        assertEquals(List.of(Thread.currentThread(), Thread.currentThread()), others);
        assertNotNull(late.get());
        assertNotSame(Thread.currentThread(), late.get());
    }

    @Test
    void anEndedMailboxAnswersAtOnce() {
        mailbox.end();
        AtomicReference<Thread> thread = new AtomicReference<>();
        mailbox.add(() -> thread.set(Thread.currentThread()));
        assertSame(Thread.currentThread(), thread.get());
    }
}
