package io.tankws.testkit.contract;

import java.lang.constant.ConstantDescs;
import java.lang.invoke.MethodHandles;
import java.util.concurrent.CountDownLatch;

/** A class whose initializer waits for the latch that was given with its code. */
final class WaitingInitializer {
    static {
        try {
            KeptThread.await(
                    MethodHandles.classData(MethodHandles.lookup(), ConstantDescs.DEFAULT_NAME, CountDownLatch.class));
        } catch (IllegalAccessException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private WaitingInitializer() {}
}
