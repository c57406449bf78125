package io.tankws.core.session;

import io.tankws.core.event.Counters;
import io.tankws.core.manager.ManagerContext;
import io.tankws.core.outbox.Outbox;
import io.tankws.core.support.FakeConnection;
import io.tankws.core.support.ManagerContexts;
import io.tankws.core.support.ModelChecking;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The two indexes and the snapshot set of the registry always hold the same clients. */
@Tag("interleavings")
class ClientRegistryRaceTest {
    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void registrationsAreLinearizable(int threads) {
        ModelChecking.check(Model.class, threads, 5);
    }

    /** Three clients. The first two have the same user. */
    @Param(name = "client", gen = IntGen.class, conf = "0:2")
    public static class Model {
        private static final ManagerContext CONTEXT = ManagerContexts.newContext();

        private final ClientRegistry registry = new ClientRegistry(new Counters());
        private final Slot[] slots = {new Slot(), new Slot(), new Slot()};

        /** One thread at a time connects or disconnects a client, as in a transport. */
        private static final class Slot {
            ClientSession session;
        }

        @Operation
        public boolean connect(@Param(name = "client") int client) {
            Slot slot = slots[client];
            synchronized (slot) {
                if (slot.session != null) {
                    return false;
                }
                slot.session = session(client);
                registry.add(slot.session);
                return true;
            }
        }

        @Operation
        public boolean disconnect(@Param(name = "client") int client) {
            Slot slot = slots[client];
            synchronized (slot) {
                if (slot.session == null) {
                    return false;
                }
                registry.remove(slot.session);
                // A session whose end is reported twice must not remove another session.
                registry.remove(slot.session);
                slot.session = null;
                return true;
            }
        }

        @Operation
        public boolean find(@Param(name = "client") int client) {
            return registry.find("c" + number(client)) != null;
        }

        /** Returns the clients that are found by their user, one bit for each. */
        @Operation
        public int ofUser(@Param(name = "client") int client) {
            return bits(registry.ofUser(user(client)).stream().mapToLong(ClientSession::number));
        }

        /** Returns the clients that a broadcast reaches, one bit for each. */
        @Operation
        public int snapshot() {
            return bits(Stream.of(registry.snapshot()).mapToLong(Outbox::number));
        }

        @Operation
        public int size() {
            return registry.size();
        }

        private static int bits(LongStream numbers) {
            return numbers.mapToInt(number -> 1 << number - 1).sum();
        }

        private static long number(int client) {
            return client + 1;
        }

        private static String user(int client) {
            return client < 2 ? "twice" : "once";
        }

        private static ClientSession session(int client) {
            ClientSession session = ManagerContexts.session(CONTEXT, number(client), user(client));
            session.outbox = new Outbox(
                    session.number(), session, new FakeConnection(), CONTEXT.config.clientLimits(), CONTEXT.outboxes());
            return session;
        }
    }
}
