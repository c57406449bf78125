package io.tankws.it.process;

import java.io.File;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Deploys an application in a class loader of its own, as a servlet container does, ends it and awaits that the loader is
 * collected. The application runs on threads of the container, which live on.
 */
public final class LifeProgram {
    static final int STAYS = 4;

    private static final long WAIT_NANOS = TimeUnit.SECONDS.toNanos(30);

    private LifeProgram() {}

    /**
     * Deploys and ends the application twice.
     *
     * @param arguments the application's class path, and its arguments
     */
    public static void main(String[] arguments) throws Exception {
        ExecutorService container = Executors.newFixedThreadPool(2);
        for (int i = 0; i < 2; i++) {
            if (!isCollected(deploy(container, arguments))) {
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

    private static boolean isCollected(WeakReference<ClassLoader> loader) {
        long deadline = System.nanoTime() + WAIT_NANOS;
        while (loader.get() != null) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            System.gc();
        }
        return true;
    }
}
