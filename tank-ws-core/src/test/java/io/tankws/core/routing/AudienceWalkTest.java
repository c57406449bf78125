package io.tankws.core.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.CloseStatus;
import io.tankws.Frame;
import io.tankws.Message;
import io.tankws.core.manager.ManagerContext;
import io.tankws.core.outbox.MessageBatch;
import io.tankws.core.session.ClientSession;
import io.tankws.core.support.FakeConnection;
import io.tankws.core.support.ManagerContexts;
import io.tankws.spi.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AudienceWalkTest {
    private final List<String> ran = new ArrayList<>();

    @Test
    void outsideOfAWalkAnEndRunsAtOnce() {
        AudienceWalk.afterwards(() -> ran.add("end"));
        assertEquals(List.of("end"), ran);
    }

    @Test
    void endsRunAfterTheOutermostWalk() {
        assertTrue(AudienceWalk.begin());
        AudienceWalk.afterwards(() -> ran.add("first"));
        assertFalse(AudienceWalk.begin());
        AudienceWalk.afterwards(() -> ran.add("second"));
        ran.add("walk");
        AudienceWalk.end();
        assertEquals(List.of("walk", "first", "second"), ran);
    }

    @Test
    void endsInsideEndsFollowThem() {
        AudienceWalk.afterwards(() -> {
            AudienceWalk.afterwards(() -> ran.add("inner"));
            ran.add("outer");
        });
        assertEquals(List.of("outer", "inner"), ran);
    }

    @Test
    void anEndThatFailsKeepsNoOther() {
        AudienceWalk.begin();
        AudienceWalk.afterwards(() -> {
            throw new AssertionError("planted");
        });
        AudienceWalk.afterwards(() -> ran.add("next"));
        AudienceWalk.end();
        assertEquals(List.of("next"), ran);
        assertTrue(AudienceWalk.begin());
        AudienceWalk.end();
    }

    /** A connection that fails at each write and reports its end before the write returns. */
    private static final class Broken implements Connection {
        private final List<Integer> depths;
        ClientSession session;

        Broken(List<Integer> depths) {
            this.depths = depths;
        }

        @Override
        public boolean write(List<Frame> frames, WriteCallback callback) {
            depths.add(new Throwable().getStackTrace().length);
            session.inboundHandler.onClose(CloseStatus.ABNORMAL);
            throw new IllegalStateException("reset");
        }

        @Override
        public void close(CloseStatus status) {}

        @Override
        public void abort() {}

        @Override
        public void pauseReading() {}

        @Override
        public void resumeReading() {}
    }

    /** Each of the dead clients had relayed a message that its end delivers. */
    @Test
    void clientsThatDieTogetherEndOneAfterTheOther() {
        ManagerContext context = ManagerContexts.newContext();
        List<Integer> depths = new ArrayList<>();
        FakeConnection reader = new FakeConnection();
        ManagerContexts.open(context, "reader", reader).subscribe("t");
        int dead = 2000;
        for (int i = 0; i < dead; i++) {
            Broken connection = new Broken(depths);
            connection.session = ManagerContexts.session(context, "dead" + i);
            connection.session.inboundHandler.onOpen(connection);
            connection.session.subscribe("t");
            connection.session.inboundHandler.onText(
                    Message.text("last words " + i).frame().payload());
        }
        List<Message> messages = IntStream.range(0, 300)
                .<Message>mapToObj(i -> Message.text("m" + i))
                .toList();
        context.router.publish("t", MessageBatch.of(messages), this);
        assertEquals(1, context.registry.size());
        assertEquals(1, context.topics.find("t").size());
        assertEquals(dead, depths.size());
        assertEquals(1, depths.stream().distinct().count(), "the stack grows with the dead");
        assertEquals(300 + dead, reader.written().size());
        assertEquals(context.counters.offered.sum(), context.counters.sent.sum() + context.counters.undelivered.sum());
    }
}
