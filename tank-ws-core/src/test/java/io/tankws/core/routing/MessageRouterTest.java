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
    private ManagerContext context;
    private ClientSession client;

    private void start(boolean handler) {
        context = ManagerContexts.newContext(
                OverflowPolicy.DISCONNECT, handler ? (sender, message) -> {} : null, limits -> {});
        client = ManagerContexts.open(context, "first", first);
        ManagerContexts.open(context, "second", second);
    }

    @AfterEach
    void leaveTheHandler() {
        FilledOutboxes.enter(null);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aBroadcastReachesAllClients(boolean handler) {
        start(handler);
        context.router.broadcast(BATCH, null, this);
        assertEquals(RECEIVED, first.written());
        assertEquals(RECEIVED, second.written());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aBroadcastReachesAllClientsButTheExcludedOne(boolean handler) {
        start(handler);
        context.router.broadcast(BATCH, client, this);
        assertEquals(List.of(), first.written());
        assertEquals(RECEIVED, second.written());
    }

    @Test
    void aBroadcastOfAHandlerReachesAllClients() {
        start(true);
        FilledOutboxes.enter(new FilledOutboxes());
        context.router.broadcast(BATCH, null, this);
        assertEquals(RECEIVED, first.written());
        assertEquals(RECEIVED, second.written());
    }

    @Test
    void aBroadcastOnAnotherThreadCountsForTheExcludedClient() {
        start(true);
        context.router.broadcast(BATCH, client, this);
        assertNull(FilledOutboxes.current());
        context.flow.filled(FILLED_OUTBOX, false);
        assertTrue(client.reach().isFilled(context.flow));
    }

    @Test
    void aBroadcastInAHandlerCountsForItsClient() {
        start(true);
        FilledOutboxes current = new FilledOutboxes();
        FilledOutboxes.enter(current);
        assertSame(current, context.router.noteReach(client));
        context.flow.filled(FILLED_OUTBOX, false);
        assertTrue(current.isFilled(context.flow));
        assertFalse(client.reach().isFilled(context.flow));
    }

    @Test
    void aBroadcastOutsideOfHandlersCountsForNoClient() {
        start(true);
        assertNull(context.router.noteReach(null));
    }

    @Test
    void aRelayNotesNoOutboxes() {
        start(false);
        FilledOutboxes.enter(new FilledOutboxes());
        assertNull(context.router.noteReach(null));
    }

    @Test
    void aPublicationReachesTheSubscribersOnly() {
        start(false);
        context.router.publish("t", "x");
        client.subscribe("t");
        context.router.publish("t", "y");
        context.router.publish("t", BATCH, this);
        context.router.publish("other", BATCH, this);
        assertEquals(List.of("{\"topic\":\"t\",\"data\":\"y\"}", "m"), first.written());
        assertEquals(List.of(), second.written());
    }
}
