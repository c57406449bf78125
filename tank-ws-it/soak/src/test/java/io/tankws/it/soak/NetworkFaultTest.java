package io.tankws.it.soak;

import org.junit.jupiter.api.Nested;

/** The effects of a faulty network on a transport with sockets. */
abstract class NetworkFaultTest {
    private final String transport;

    NetworkFaultTest(String transport) {
        this.transport = transport;
    }

    @Nested
    class Cuts extends CutFaults {
        Cuts() {
            super(transport);
        }
    }

    @Nested
    class Operations extends OperationFaults {
        Operations() {
            super(transport);
        }
    }

    @Nested
    class Halves extends HalfFaults {
        Halves() {
            super(transport);
        }
    }
}
