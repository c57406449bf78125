package io.tankws.core.concurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SerialCallsTest {
    private final SerialCalls calls = new SerialCalls();
    private final List<String> made = new ArrayList<>();

    @Test
    void makesCallsInTheirOrder() {
        calls.add(() -> made.add("first"));
        calls.add(() -> made.add("second"));
        calls.run();
        calls.run();
        assertEquals(List.of("first", "second"), made);
    }

    @Test
    void theThreadThatMakesCallsMakesThoseOfOtherThreadsToo() {
        calls.add(() -> {
            CompletableFuture.runAsync(() -> {
                        calls.add(() -> made.add("second"));
                        calls.run();
                    })
                    .join();
            made.add("first");
        });
        calls.run();
        assertEquals(List.of("first", "second"), made);
    }

    @Test
    void aCallThatFailsKeepsNoOther() {
        calls.add(() -> {
            throw new AssertionError("planted");
        });
        calls.add(() -> made.add("next"));
        calls.run();
        assertEquals(List.of("next"), made);
    }

    @Test
    void refusesOptionalCallsWhenFull() {
        for (int i = 0; i < SerialCalls.MAX_WAITING; i++) {
            assertTrue(calls.offer(() -> made.add("call")));
        }
        assertFalse(calls.offer(() -> made.add("too many")));
        calls.add(() -> made.add("last"));
        calls.run();
        assertEquals(SerialCalls.MAX_WAITING + 1, made.size());
        assertEquals("last", made.get(made.size() - 1));
        assertTrue(calls.offer(() -> {}));
    }

    @Test
    void aFailureThatCannotBeLoggedKeepsNoOther() {
        calls.add(() -> {
            throw new InternalError("planted") {
                private static final long serialVersionUID = 1;

                @Override
                public String getMessage() {
                    throw new InternalError("planted in the log");
                }
            };
        });
        calls.add(() -> made.add("next"));
        calls.run();
        assertEquals(List.of("next"), made);
    }
}
