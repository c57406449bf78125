package io.tankws.benchmarks.publish;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;

/** A meter of the bytes that all threads except its creator allocate after its creation, including handed-over work. */
final class AllocationMeter {
    static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final long self = Thread.currentThread().getId();
    private final Map<Long, Long> before = perThread();

    /** Returns the bytes that were allocated on the heap. */
    long allocated() {
        return perThread().entrySet().stream()
                .mapToLong(thread -> thread.getValue() - before.getOrDefault(thread.getKey(), 0L))
                .sum();
    }

    private Map<Long, Long> perThread() {
        long[] threads = THREADS.getAllThreadIds();
        long[] bytes = THREADS.getThreadAllocatedBytes(threads);
        Map<Long, Long> all = new HashMap<>();
        for (int i = 0; i < threads.length; i++) {
            // A thread that has just ended has the value -1.
            if (threads[i] != self && bytes[i] > 0) {
                all.put(threads[i], bytes[i]);
            }
        }
        return all;
    }
}
