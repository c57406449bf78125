package io.tankws.spi.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class MemoryShortageTest {
    @Test
    void aStepIsRepeatedUntilTheMemorySuffices() {
        AtomicInteger runs = new AtomicInteger();
        MemoryShortage.outlast(() -> {
            if (runs.incrementAndGet() < 3) {
                throw new OutOfMemoryError("of this test");
            }
        });
        assertEquals(3, runs.get());
    }

    @Test
    void otherFailuresAreThrown() {
        assertThrows(
                IllegalStateException.class,
                () -> MemoryShortage.outlast(() -> {
                    throw new IllegalStateException("of this test");
                }));
    }
}
