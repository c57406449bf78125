package io.tankws.spi.support;

import java.util.Objects;
import java.util.function.Consumer;

/**
 * The reports of a server that cannot accept sockets, such as for lack of file descriptors: one line when the
 * failures begin, further ones at most every 10 seconds while they last, and one line when accepting works again.
 * Each is a single line without a stack trace. Confined to the thread that accepts.
 *
 * <p>For transports; not to be extended.
 */
public final class AcceptFailureLog {
    private final Consumer<String> log;
    private final FailureLog failures;
    private boolean failing;
    private boolean reported;

    /**
     * Creates the reports of one listening socket.
     *
     * @param log gets each line, such as {@code LOG::warn}
     */
    public AcceptFailureLog(Consumer<String> log) {
        this.log = Objects.requireNonNull(log, "log");
        // A class that is not loaded yet may need a descriptor later, when there is none.
        LogText.escape("\n");
        failures = new FailureLog((text, cause) -> {
            log.accept(text);
            reported = true;
        });
    }

    /**
     * Reports that a socket could not be accepted, or counts it for the next report. Never throws.
     *
     * @param cause the failure
     */
    public void failed(Throwable cause) {
        failing = true;
        try {
            failures.report("Cannot accept sockets, trying again: " + LogText.escape(cause.getMessage()), null);
        } catch (Throwable e) {
            // Without memory there is no text to report.
        }
    }

    /** Reports the end of the failures, if there was a report of their beginning. Never throws. */
    public void accepted() {
        if (!failing) {
            return;
        }
        failing = false;
        if (reported) {
            reported = false;
            try {
                log.accept("Sockets are accepted again");
            } catch (Throwable e) {
                // Without memory there is no report either.
                reported = true;
            }
        }
    }

    /**
     * Returns whether the last attempt to accept has failed.
     *
     * @return {@code true} between a failure and the next accepted socket
     */
    public boolean isFailing() {
        return failing;
    }
}
