package io.tankws.core.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.ClientLimits;
import io.tankws.Message;
import io.tankws.OverflowPolicy;
import io.tankws.core.manager.ManagerContext;
import io.tankws.core.outbox.MessageBatch;
import io.tankws.core.session.ClientSession;
import io.tankws.core.support.FakeConnection;
import io.tankws.core.support.ManagerContexts;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicTest {
    private static final String NAME = "t";

    private final ManagerContext context =
            ManagerContexts.newContext(OverflowPolicy.DISCONNECT, null, limits -> limits.outboxMessages(40));

    private ClientSession subscribe(FakeConnection connection) {
        ClientSession session = ManagerContexts.open(context, "u", connection);
        session.subscribe(NAME);
        return session;
    }

    private boolean offer(int messages) {
        return context.topics
                .find(NAME)
                .offer(
                        MessageBatch.of(IntStream.range(0, messages)
                                .<Message>mapToObj(i -> Message.text("m" + i))
                                .toList()),
                        null);
    }

    @Test
    void needsAFlushWhenAnOutboxOfASubscriberFillsUp() {
        FakeConnection connection = new FakeConnection();
        subscribe(connection);
        assertFalse(offer(9));
        assertTrue(offer(1));
        assertEquals(List.of(), connection.written());
        context.topics.find(NAME).flush();
        assertEquals(10, connection.written().size());
    }

    /** An outbox with a write in flight needs no flush. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void needsAFlushForOneSubscriberOfSeveral(boolean busyFirst) {
        FakeConnection busy = new FakeConnection();
        busy.takesAtOnce = false;
        if (busyFirst) {
            subscribe(busy).send("in flight");
        }
        subscribe(new FakeConnection());
        if (!busyFirst) {
            subscribe(busy).send("in flight");
        }
        assertTrue(offer(10));
    }

    @Test
    void isSmallUpToItsBound() {
        for (int i = 0; i < Audience.SMALL; i++) {
            subscribe(new FakeConnection());
        }
        assertTrue(context.topics.find(NAME).isSmall());
        subscribe(new FakeConnection());
        assertFalse(context.topics.find(NAME).isSmall());
    }

    @Test
    void takesNoSubscriptionAfterItsEnd() {
        ClientSession session = subscribe(new FakeConnection());
        Topic topic = context.topics.find(NAME);
        session.unsubscribe(NAME);
        assertFalse(topic.add(new TopicSubscription(session, topic, context.protocol), null, null));
        assertEquals(0, topic.size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"abcdef", "äöü", "€€", "abc", "ab"})
    void aNameHasAtMostTheBytesOfItsLimit(String name) {
        assertEquals(name, TopicNames.check(name, maxBytes(6)));
        String longer = name.repeat(3) + "x";
        IllegalArgumentException thrown =
                assertThrows(IllegalArgumentException.class, () -> TopicNames.check(longer, maxBytes(6)));
        assertTrue(thrown.getMessage().contains("6 bytes"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"abcdefg", "äöüx", "€€x", "€€€"})
    void aNameOfMoreBytesIsRejected(String name) {
        assertThrows(IllegalArgumentException.class, () -> TopicNames.check(name, maxBytes(6)));
    }

    @Test
    void anEmptyNameIsRejected() {
        assertThrows(IllegalArgumentException.class, () -> TopicNames.check("", maxBytes(6)));
    }

    private static ClientLimits maxBytes(int bytes) {
        return ClientLimits.builder().maxTopicBytes(bytes).build();
    }
}
