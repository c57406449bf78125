package io.tankws.it.soak;

import com.sun.management.UnixOperatingSystemMXBean;
import io.tankws.testkit.Await;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The threads and descriptors of this process at one time. */
record Resources(Set<Thread> threads, long descriptors) {
    /** Threads of the JDK and of JUnit, which start and end independently of the test. */
    private static final Pattern FOREIGN = Pattern.compile(
            "(ForkJoinPool|CompletableFuture|VirtualThread|Common-Cleaner|Cleaner|HttpClient|junit|surefire|Attach).*");

    static final boolean REPORTED = ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean;

    static Resources now() {
        return new Resources(Set.copyOf(Thread.getAllStackTraces().keySet()), openDescriptors());
    }

    /** Returns the number of open descriptors, or 0 if the system does not report it. */
    private static long openDescriptors() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getOpenFileDescriptorCount()
                : 0;
    }

    /** Returns the number of open descriptors in addition to these. */
    long more() {
        return openDescriptors() - descriptors;
    }

    void awaitDescriptors(int own, String after) {
        try {
            Await.until("the closed sockets after " + after, () -> more() <= own);
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + ": " + more() + " more descriptors, not " + own, e);
        }
    }

    void awaitAll() {
        try {
            Await.until("the end of all threads", () -> moreThreads().isEmpty());
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + ": " + moreThreads(), e);
        }
        awaitDescriptors(0, "all");
    }

    List<String> moreThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !threads.contains(thread))
                .map(Thread::getName)
                .filter(name -> !FOREIGN.matcher(name).matches())
                .sorted()
                .toList();
    }
}
