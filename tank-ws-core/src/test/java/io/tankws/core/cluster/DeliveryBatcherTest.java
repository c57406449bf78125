package io.tankws.core.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tankws.Message;
import io.tankws.core.manager.ManagerContext;
import io.tankws.core.session.ClientSession;
import io.tankws.core.support.FakeConnection;
import io.tankws.core.support.ManagerContexts;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeliveryBatcherTest {
    private final ManagerContext context = ManagerContexts.newContext();
    private final FakeConnection reader = new FakeConnection();
    private final List<String> lost = new ArrayList<>();
    private final DeliveryBatcher arrivals =
            new DeliveryBatcher(context.router, (topic, messages, cause) -> lost.add(messages + " of " + topic));

    /** A message that can be read once, when it arrives. Its delivery fails. */
    private static final class Undeliverable extends ArrayList<Message> {
        private static final long serialVersionUID = 1;
        private boolean arrived;

        Undeliverable() {
            super(messages("x", "y"));
        }

        @Override
        public Iterator<Message> iterator() {
            if (arrived) {
                throw new AssertionError("planted");
            }
            arrived = true;
            return super.iterator();
        }
    }

    private static List<Message> messages(String... texts) {
        List<Message> messages = new ArrayList<>();
        for (String text : texts) {
            messages.add(Message.text(text));
        }
        return messages;
    }

    @Test
    void aDeliveryThatFailsIsReportedAndNothingIsDeliveredTwice() {
        ClientSession session = ManagerContexts.open(context, "reader", reader);
        List.of("a", "b", "c").forEach(session::subscribe);
        arrivals.topic("a", messages("a1"));
        arrivals.topic("b", new Undeliverable());
        arrivals.topic("c", messages("c1", "c2"));
        arrivals.flush();
        arrivals.flush();
        assertEquals(List.of("a1", "c1", "c2"), reader.written());
        assertEquals(List.of("2 of b"), lost);
    }
}
