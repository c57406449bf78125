package io.tankws.backplane.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

class MailboxTest {
    private final List<String> done = new ArrayList<>();
    private boolean exhausted;
    private final List<Runnable> tasks = new ArrayList<>();
    private final Executor thread = task -> {
        if (exhausted) {
            throw new OutOfMemoryError("unable to create native thread: of this test");
        }
        tasks.add(task);
    };
    private final Mailbox mailbox = new Mailbox(thread);

    private void runTasks() {
        List<Runnable> now = List.copyOf(tasks);
        tasks.clear();
        now.forEach(Runnable::run);
    }

    @Test
    void aRequestThatFoundNoThreadIsServedWithTheNext() {
        exhausted = true;
        mailbox.add(() -> done.add("first"));
        exhausted = false;
        mailbox.add(() -> done.add("second"));
        runTasks();
        assertEquals(List.of("first", "second"), done);
    }

    @Test
    void theRequestsAfterOneThatThrowsAreServed() {
        mailbox.add(() -> {
            throw new OutOfMemoryError("of this test");
        });
        mailbox.add(() -> done.add("after"));
        runTasks();
        assertEquals(List.of("after"), done);
    }
}
