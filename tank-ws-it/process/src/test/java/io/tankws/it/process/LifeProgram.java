package io.tankws.it.process;

import java.io.File;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Deploys an application in its own class loader, as a servlet container does, ends it and waits until the loader is
 * collected. The application runs on threads of the container, which continue to run.
 */
public final class LifeProgram {
    static final int STAYS = 4;

    /** Threads for user code end after ten idle seconds. */
    private static final Duration MAX_WAIT = Duration.ofSeconds(90);
    /** Short, because a loader that a class of the platform references stays however long the program waits. */
    private static final Duration MAX_WAIT_FOR_LEAK = Duration.ofSeconds(3);
    /** A collection of all garbage costs more than the rest of the wait. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private LifeProgram() {}

    /**
     * Deploys and ends the application twice.
     *
     * @param arguments the application's class path, and its arguments
     */
    public static void main(String[] arguments) throws Exception {
        Duration wait = arguments[1].equals("leak") ? MAX_WAIT_FOR_LEAK : MAX_WAIT;
        ExecutorService container = Executors.newFixedThreadPool(2);
        for (int i = 0; i < 2; i++) {
            if (!isCollected(deploy(container, arguments), wait)) {
                System.out.println("the class loader stays");
                Thread.getAllStackTraces()
                        .keySet()
                        .forEach(thread -> System.out.println(
                                thread + " daemon=" + thread.isDaemon() + " loader=" + thread.getContextClassLoader()));
                System.exit(STAYS);
            }
        }
        System.exit(0);
    }

    private static WeakReference<ClassLoader> deploy(ExecutorService container, String... arguments) throws Exception {
        List<URL> urls = new ArrayList<>();
        for (String entry : arguments[0].split(File.pathSeparator)) {
            urls.add(new File(entry).toURI().toURL());
        }
        try (URLClassLoader loader =
                new URLClassLoader("application", urls.toArray(new URL[0]), ClassLoader.getPlatformClassLoader())) {
            container.submit(() -> live(loader, arguments)).get();
            return new WeakReference<>(loader);
        }
    }

    private static Void live(ClassLoader loader, String... arguments) throws ReflectiveOperationException {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            loader.loadClass("io.tankws.it.process.Application")
                    .getMethod("live", String[].class)
                    .invoke(null, (Object) arguments);
            return null;
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static boolean isCollected(WeakReference<ClassLoader> loader, Duration wait) {
        long deadline = System.nanoTime() + wait.toNanos();
        System.gc();
        while (loader.get() != null) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
            System.gc();
        }
        return true;
    }
}
