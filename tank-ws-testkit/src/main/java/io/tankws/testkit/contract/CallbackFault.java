package io.tankws.testkit.contract;

import java.io.IOException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Faults of user code. */
enum CallbackFault {
    RUNTIME_EXCEPTION("throws a RuntimeException", () -> new IllegalStateException("on purpose")),
    CHECKED_EXCEPTION("throws a checked exception that it does not declare", () -> new IOException("on purpose")),
    ASSERTION_ERROR("throws an AssertionError", () -> new AssertionError("on purpose")),
    STACK_OVERFLOW("throws a StackOverflowError", () -> new StackOverflowError("on purpose")),
    LINKAGE_ERROR("throws a LinkageError", () -> new NoClassDefFoundError("on purpose")),
    OUT_OF_MEMORY("throws an OutOfMemoryError", () -> new OutOfMemoryError("on purpose")),
    HANG("hangs", null),
    DEAF_HANG("hangs and takes no interrupt", null);

    private final String behaviour;
    private final @Nullable Supplier<Throwable> thrown;

    CallbackFault(String behaviour, @Nullable Supplier<Throwable> thrown) {
        this.behaviour = behaviour;
        this.thrown = thrown;
    }

    String behaviour() {
        return behaviour;
    }

    boolean hangs() {
        return thrown == null;
    }

    /** Only of a fault that throws. */
    @SuppressWarnings("NullAway") // only for a fault that throws
    Throwable thrown() {
        return thrown.get();
    }
}
