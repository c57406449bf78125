package io.tankws.testkit;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * The resources that this process holds.
 *
 * @param heapBytes live objects after a garbage collection
 * @param threads platform threads that are alive
 * @param descriptors open files and sockets; 0 if the system does not report it
 */
public record ResourceUsage(long heapBytes, int threads, long descriptors) {
    private static final int COLLECTIONS = 5;
    private static final long PAUSE_NANOS = 100_000_000;

    /**
     * Measures after several garbage collections, the least of which counts.
     *
     * @return the footprint of now
     */
    public static ResourceUsage now() {
        long heap = Long.MAX_VALUE;
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            // References are cleared and cleaners run on other threads.
            LockSupport.parkNanos(PAUSE_NANOS);
            heap = Math.min(
                    heap,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return new ResourceUsage(heap, ManagementFactory.getThreadMXBean().getThreadCount(), openDescriptors());
    }

    /**
     * Waits until threads and descriptors have been the same for a while, then measures.
     *
     * @param quiet how long nothing must have changed
     * @return the footprint then
     */
    public static ResourceUsage settled(Duration quiet) {
        ResourceUsage last = now();
        long since = System.nanoTime();
        while (System.nanoTime() - since < quiet.toNanos()) {
            ResourceUsage now = now();
            if (now.threads != last.threads || now.descriptors != last.descriptors) {
                since = System.nanoTime();
            }
            last = now;
        }
        return last;
    }

    private static long openDescriptors() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getOpenFileDescriptorCount()
                : 0;
    }

    /**
     * Waits until this process holds no more than before.
     *
     * @param heapTolerance bytes of heap that may be more
     * @param timeout how long to wait
     * @return the footprint at the end
     * @throws AssertionError if it still holds more
     */
    public ResourceUsage awaitReturn(long heapTolerance, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            ResourceUsage now = now();
            if (now.threads <= threads
                    && now.descriptors <= descriptors
                    && now.heapBytes <= heapBytes + heapTolerance) {
                return now;
            }
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("not back at " + this + " within " + timeout + " but at " + now + ", threads "
                        + Thread.getAllStackTraces().keySet());
            }
        }
    }
}
