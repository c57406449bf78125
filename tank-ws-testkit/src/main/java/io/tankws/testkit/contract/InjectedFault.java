package io.tankws.testkit.contract;

import io.tankws.testkit.Await;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A fault that user code commits at each call until it is released, or an action of the test. */
final class InjectedFault {
    /** {@code null} where a test says what is done. */
    private final @Nullable CallbackFault fault;

    private final @Nullable Runnable action;
    private final CountDownLatch release = new CountDownLatch(1);
    private final Set<Thread> caught = ConcurrentHashMap.newKeySet();

    InjectedFault(CallbackFault fault) {
        this.fault = fault;
        action = null;
    }

    InjectedFault(Runnable action) {
        fault = null;
        this.action = action;
    }

    /** Called by the user code that is to fail. */
    @SuppressWarnings("NullAway") // there is a fault or an action
    void spring() {
        if (release.getCount() == 0) {
            return;
        }
        caught.add(Thread.currentThread());
        if (action != null) {
            action.run();
        } else if (fault.hangs()) {
            hang();
        } else {
            InjectedFault.<RuntimeException>raise(fault.thrown());
        }
    }

    private void hang() {
        while (true) {
            try {
                release.await();
                return;
            } catch (InterruptedException e) {
                if (fault != CallbackFault.DEAF_HANG) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void raise(Throwable thrown) throws T {
        throw (T) thrown;
    }

    void awaitSprung() {
        Await.until("the faulty code to be called", () -> !caught.isEmpty());
    }

    void release() {
        release.countDown();
    }

    /** Once released, and the manager and the server ended, none of the threads that user code has had may be left. */
    void awaitThreadsGone() {
        Await.until("the end of " + caught, () -> caught.stream().noneMatch(Thread::isAlive));
    }
}
