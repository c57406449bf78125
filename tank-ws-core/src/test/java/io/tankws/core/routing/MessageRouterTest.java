package io.tankws.core.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.Message;
import io.tankws.OverflowPolicy;
import io.tankws.core.flow.FilledOutboxes;
import io.tankws.core.manager.ManagerContext;
import io.tankws.core.outbox.MessageBatch;
import io.tankws.core.session.ClientSession;
import io.tankws.core.support.FakeConnection;
import io.tankws.core.support.ManagerContexts;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageRouterTest {
    private static final MessageBatch BATCH = MessageBatch.of(Message.text("m"));
    private static final List<String> RECEIVED = List.of("m");
    private static final long FILLED_OUTBOX = 4711;

    private final FakeConnection first = new FakeConnection();
    private final FakeConnection second = new FakeConnection();
    private ManagerContext engine;
    private ClientSession client;

    private void start(boolean handler) {
        engine = ManagerContexts.newContext(
                OverflowPolicy.DISCONNECT, handler ? (sender, message) -> {} : null, limits -> {});
        client = ManagerContexts.open(engine, "first", first);
        ManagerContexts.open(engine, "second", second);
    }

    @AfterEach
    void leaveTheHandler() {
        FilledOutboxes.enter(null);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aBroadcastReachesAllClients(boolean handler) {
        start(handler);
        engine.router.broadcast(BATCH, null, this);
        assertEquals(RECEIVED, first.written());
        assertEquals(RECEIVED, second.written());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aBroadcastReachesAllClientsButTheExcludedOne(boolean handler) {
        start(handler);
        engine.router.broadcast(BATCH, client, this);
        assertEquals(List.of(), first.written());
        assertEquals(RECEIVED, second.written());
    }

    @Test
    void aBroadcastOfAHandlerReachesAllClients() {
        start(true);
        FilledOutboxes.enter(new FilledOutboxes());
        engine.router.broadcast(BATCH, null, this);
        assertEquals(RECEIVED, first.written());
        assertEquals(RECEIVED, second.written());
    }

    @Test
    void aBroadcastOnAnotherThreadCountsForTheExcludedClient() {
        start(true);
        engine.router.broadcast(BATCH, client, this);
        assertNull(FilledOutboxes.current());
        engine.flow.filled(FILLED_OUTBOX, false);
        assertTrue(client.reach().isFilled(engine.flow));
    }

    @Test
    void aBroadcastInAHandlerCountsForItsClient() {
        start(true);
        FilledOutboxes current = new FilledOutboxes();
        FilledOutboxes.enter(current);
        assertSame(current, engine.router.noteReach(client));
        engine.flow.filled(FILLED_OUTBOX, false);
        assertTrue(current.isFilled(engine.flow));
        assertFalse(client.reach().isFilled(engine.flow));
    }

    @Test
    void aBroadcastOutsideOfHandlersCountsForNoClient() {
        start(true);
        assertNull(engine.router.noteReach(null));
    }

    @Test
    void aRelayNotesNoOutboxes() {
        start(false);
        FilledOutboxes.enter(new FilledOutboxes());
        assertNull(engine.router.noteReach(null));
    }

    @Test
    void aPublicationReachesTheSubscribersOnly() {
        start(false);
        engine.router.publish("t", "x");
        client.subscribe("t");
        engine.router.publish("t", "y");
        engine.router.publish("t", BATCH, this);
        engine.router.publish("other", BATCH, this);
        assertEquals(List.of("{\"topic\":\"t\",\"data\":\"y\"}", "m"), first.written());
        assertEquals(List.of(), second.written());
    }
}
