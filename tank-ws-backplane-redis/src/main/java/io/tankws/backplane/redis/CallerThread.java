package io.tankws.backplane.redis;

import io.netty.util.concurrent.FastThreadLocal;

/**
 * The thread of a caller, which may outlive the application and its class loader, as a servlet container's threads do. Netty
 * leaves thread-local values in each thread that calls it, and they keep that class loader alive.
 */
final class CallerThread {
    private CallerThread() {}

    /** Runs a call of Netty and removes the values that it leaves, unless the thread had values of Netty before. */
    static void run(Runnable call) {
        boolean usesNetty = FastThreadLocal.size() > 0;
        try {
            call.run();
        } finally {
            if (!usesNetty) {
                FastThreadLocal.removeAll();
            }
        }
    }
}
