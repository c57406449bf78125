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

/** The registry's two indexes and its roster never show a client in one and not in the other. */
@Tag("interleavings")
class ClientRegistryRaceTest {
    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void registrationsAreLinearizable(int threads) {
        ModelChecking.check(Model.class, threads, 5);
    }

    /** Three clients, of whom the first two are of one user. */
    @Param(name = "client", gen = IntGen.class, conf = "0:2")
    public static class Model {
        private static final ManagerContext ENGINE = ManagerContexts.engine();

        private final ClientRegistry registry = new ClientRegistry(new Counters());
        private final Slot[] slots = {new Slot(), new Slot(), new Slot()};

        /** Whoever connects or disconnects one client does so alone, as its transport. */
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
                // Whose end is told twice must not take another's place.
                registry.remove(slot.session);
                slot.session = null;
                return true;
            }
        }

        @Operation
        public boolean find(@Param(name = "client") int client) {
            return registry.find("c" + number(client)) != null;
        }

        /** Tells who is found by their user, a bit for each. */
        @Operation
        public int ofUser(@Param(name = "client") int client) {
            return bits(registry.ofUser(user(client)).stream().mapToLong(ClientSession::number));
        }

        /** Tells whom a broadcast reaches. */
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
            ClientSession session = ManagerContexts.session(ENGINE, number(client), user(client));
            session.outbox = new Outbox(
                    session.number(), session, new FakeConnection(), ENGINE.config.clientLimits(), ENGINE.outboxes());
            return session;
        }
    }
}
