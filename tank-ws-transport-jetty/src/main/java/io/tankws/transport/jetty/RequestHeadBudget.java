package io.tankws.transport.jetty;

import io.tankws.spi.ByteBudget;
import io.tankws.spi.support.FailureLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The limit on the bytes of all request heads that a port has received in part. */
final class RequestHeadBudget {
    private static final Logger LOG = LoggerFactory.getLogger(RequestHeadBudget.class);

    private final ByteBudget bytes;
    private final FailureLog refused = new FailureLog(LOG::warn);

    RequestHeadBudget(int limit) {
        bytes = new ByteBudget(limit);
    }

    /** Takes bytes, or reports that a connection is closed if fewer remain. Returns whether they were taken. */
    boolean take(int count) {
        boolean taken = bytes.take(count);
        if (!taken) {
            refused.report(
                    "Request heads received in part hold " + bytes.taken() + " bytes; a connection is closed", null);
        }
        return taken;
    }

    void give(int count) {
        bytes.give(count);
    }
}
