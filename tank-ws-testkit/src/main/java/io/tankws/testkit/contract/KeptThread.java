package io.tankws.testkit.contract;

import io.tankws.testkit.Await;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** User code that keeps its thread until it is released, and ignores interrupts. */
final class KeptThread implements AutoCloseable {
    /** How the code keeps the thread. */
    enum Kind {
        WAITS("waits"),
        COMPUTES("computes"),
        /** A virtual thread stays on its carrier for as long as a frame of the Java VM is on its stack. */
        WAITS_IN_A_CLASS_INITIALIZER("waits in a class initializer");

        private final String behaviour;

        Kind(String behaviour) {
            this.behaviour = behaviour;
        }

        @Override
        public String toString() {
            return behaviour;
        }
    }

    private static final long COMPUTING_NANOS = 1_000_000;
    private static final long PAUSE_NANOS = 30_000_000;

    private final Kind kind;
    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicInteger kept = new AtomicInteger();

    KeptThread(Kind kind) {
        this.kind = kind;
    }

    /** Called by the user code. */
    void keep() {
        kept.incrementAndGet();
        switch (kind) {
            case WAITS -> await(release);
            case COMPUTES -> compute();
            case WAITS_IN_A_CLASS_INITIALIZER -> initializeAClass();
        }
    }

    /**
     * Computes without a pause on a virtual thread, which would free its carrier in a pause. A platform thread is
     * kept all the same, so it leaves most of its time to the tests that run beside this one.
     */
    private void compute() {
        boolean pausing = !Thread.currentThread().getThreadGroup().getName().equals("VirtualThreads");
        while (release.getCount() > 0) {
            long begin = System.nanoTime();
            while (release.getCount() > 0 && System.nanoTime() - begin < COMPUTING_NANOS) {
                Thread.onSpinWait();
            }
            if (pausing) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    /** Goes on in spite of interrupts: a shutdown interrupts what still runs at its end. */
    static void await(CountDownLatch latch) {
        boolean interrupted = false;
        while (true) {
            try {
                latch.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Each call has a class of its own, because a class is initialized once. */
    private void initializeAClass() {
        try (InputStream code = WaitingInitializer.class.getResourceAsStream("WaitingInitializer.class")) {
            MethodHandles.lookup().defineHiddenClassWithClassData(code.readAllBytes(), release, true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    void awaitKept(int count) {
        Await.until(count + " threads to be kept", () -> kept.get() >= count);
    }

    int kept() {
        return kept.get();
    }

    @Override
    public void close() {
        release.countDown();
    }
}
