package io.tankws.spi.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AcceptFailureLogTest {
    private final List<String> lines = new ArrayList<>();
    private final AcceptFailureLog reports = new AcceptFailureLog(lines::add);

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            reports.failed(new IOException("Too many open files"));
        }
    }

    @Test
    void manyFailuresAreOneLineAndTheirEndIsAnother() {
        reports.accepted();
        assertEquals(List.of(), lines);
        fail(1000);
        assertTrue(reports.isFailing());
        assertEquals(List.of("Cannot accept sockets, trying again: Too many open files"), lines);
        reports.accepted();
        assertFalse(reports.isFailing());
        reports.accepted();
        assertEquals("Sockets are accepted again", lines.get(1));
        assertEquals(2, lines.size());
    }

    @Test
    void failuresThatComeAndGoAreReportedNoMoreOften() {
        for (int i = 0; i < 1000; i++) {
            fail(1);
            reports.accepted();
        }
        assertEquals(2, lines.size());
    }

    @Test
    void aLineHasNoOtherTextThanItsOwn() {
        reports.failed(new IOException("a\nb"));
        assertFalse(lines.get(0).contains("\n"), lines.get(0));
        new AcceptFailureLog(line -> {
                    throw new IllegalStateException("on purpose");
                })
                .failed(new IOException());
    }
}
