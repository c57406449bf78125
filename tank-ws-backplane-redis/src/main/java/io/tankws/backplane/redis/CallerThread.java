package io.tankws.backplane.redis;

import io.netty.util.concurrent.FastThreadLocal;

/**
 * Protection of caller threads from thread-local values of Netty. Netty leaves such values in each thread that calls
 * it. The threads of a servlet container outlive the application, so these values would keep its class loader alive.
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
