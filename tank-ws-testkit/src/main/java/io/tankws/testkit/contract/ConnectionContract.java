package io.tankws.testkit.contract;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The part of {@link TransportContract} that depends on the way of a connection through a transport: handshakes,
 * frames, reading, closing and threads. It suits a second way through a transport that passes all of {@link
 * TransportContract}, such as TLS. A subclass gives the core and the transport, and each nested class is one area.
 */
public abstract class ConnectionContract implements ContractFixture {
    /** For subclasses. */
    protected ConnectionContract() {}

    @Nested
    class Lifecycle extends LifecycleContract {
        Lifecycle() {
            super(ConnectionContract.this);
        }
    }

    @Nested
    class Messages extends MessageContract {
        Messages() {
            super(ConnectionContract.this);
        }
    }

    @Nested
    class BinaryRelays extends BinaryRelayContract {
        BinaryRelays() {
            super(ConnectionContract.this);
        }
    }

    @Nested
    class Handshakes extends HandshakeContract {
        Handshakes() {
            super(ConnectionContract.this);
        }
    }

    @Nested
    class Hosts extends HostContract {
        Hosts() {
            super(ConnectionContract.this);
        }
    }

    @Nested
    class Paths extends PathContract {
        Paths() {
            super(ConnectionContract.this);
        }
    }

    @Nested
    class Proxies extends ProxyContract {
        Proxies() {
            super(ConnectionContract.this);
        }
    }

    @Nested
    class Authentication extends AuthenticationContract {
        Authentication() {
            super(ConnectionContract.this);
        }
    }

    @Nested
    @Execution(ExecutionMode.CONCURRENT)
    class Heartbeat extends HeartbeatContract {
        Heartbeat() {
            super(ConnectionContract.this);
        }
    }

    @Nested
    class Shutdown extends ShutdownContract {
        Shutdown() {
            super(ConnectionContract.this);
        }
    }

    @Nested
    class Faults extends FaultContract {
        Faults() {
            super(ConnectionContract.this);
        }
    }

    @Nested
    class Pacing extends PacingContract {
        Pacing() {
            super(ConnectionContract.this);
        }
    }

    @Nested
    class Limits extends LimitContract {
        Limits() {
            super(ConnectionContract.this);
        }
    }

    @Nested
    class Closings extends ClosingContract {
        Closings() {
            super(ConnectionContract.this);
        }
    }

    @Nested
    class UserCode extends UserCodeContract {
        UserCode() {
            super(ConnectionContract.this);
        }
    }

    @Nested
    class Frames extends FrameContract {
        Frames() {
            super(ConnectionContract.this);
        }
    }
}
