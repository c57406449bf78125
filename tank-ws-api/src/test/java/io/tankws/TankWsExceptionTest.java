package io.tankws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.net.BindException;
import java.util.List;
import org.junit.jupiter.api.Test;

class TankWsExceptionTest {
    @Test
    void everyExceptionOfTheLibraryHasOneRoot() {
        Throwable cause = new BindException("Address already in use");
        List<TankWsException> all = List.of(
                new ListenException("127.0.0.1", 80, cause),
                new TransportSelectionException("text", cause),
                new BackplaneSelectionException("text", cause),
                new LibraryVersionException("text", cause),
                new BackplaneException(BackplaneException.Reason.REFUSED, "text", cause));
        for (TankWsException each : all) {
            assertSame(cause, each.getCause());
        }
        assertEquals(
                "cannot listen on 127.0.0.1:80: Address already in use",
                all.get(0).getMessage());
    }
}
