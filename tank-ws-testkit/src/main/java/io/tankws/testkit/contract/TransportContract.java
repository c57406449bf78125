package io.tankws.testkit.contract;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Everything that holds on every transport. A subclass gives the core and the transport; each nested class is one
 * area. Where a transport cannot do a thing, its README says so; there is no switch to skip a test here.
 */
public abstract class TransportContract extends ConnectionContract {
    /** For subclasses. */
    protected TransportContract() {}

    @Nested
    class Topics extends TopicContract {
        Topics() {
            super(TransportContract.this);
        }
    }

    @Nested
    class Clients extends ClientContract {
        Clients() {
            super(TransportContract.this);
        }
    }

    @Nested
    class Authorization extends AuthorizationContract {
        Authorization() {
            super(TransportContract.this);
        }
    }

    @Nested
    class AuthorizationFaults extends AuthorizationFaultContract {
        AuthorizationFaults() {
            super(TransportContract.this);
        }
    }

    @Nested
    class Revocation extends RevocationContract {
        Revocation() {
            super(TransportContract.this);
        }
    }

    @Nested
    class Presences extends PresenceContract {
        Presences() {
            super(TransportContract.this);
        }
    }

    @Nested
    class Histories extends HistoryContract {
        Histories() {
            super(TransportContract.this);
        }
    }

    @Nested
    class Epochs extends EpochContract {
        Epochs() {
            super(TransportContract.this);
        }
    }

    @Nested
    class ClientProtocols extends ClientProtocolContract {
        ClientProtocols() {
            super(TransportContract.this);
        }
    }

    @Nested
    class CatchingUp extends CatchUpContract {
        CatchingUp() {
            super(TransportContract.this);
        }
    }

    @Nested
    class Events extends EventContract {
        Events() {
            super(TransportContract.this);
        }
    }

    @Nested
    @Execution(ExecutionMode.CONCURRENT)
    class CallbackShutdowns extends CallbackShutdownContract {
        CallbackShutdowns() {
            super(TransportContract.this);
        }
    }

    @Nested
    class LimitOwners extends LimitOwnerContract {
        LimitOwners() {
            super(TransportContract.this);
        }
    }

    @Nested
    class Takeovers extends TakeoverContract {
        Takeovers() {
            super(TransportContract.this);
        }
    }

    @Nested
    @Execution(ExecutionMode.CONCURRENT)
    class CallbackFaults extends CallbackFaultContract {
        CallbackFaults() {
            super(TransportContract.this);
        }
    }

    @Nested
    class CallbackLocks extends CallbackLockContract {
        CallbackLocks() {
            super(TransportContract.this);
        }
    }
}
