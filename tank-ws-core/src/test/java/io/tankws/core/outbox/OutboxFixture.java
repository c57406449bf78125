package io.tankws.core.outbox;

import io.tankws.ClientLimits;
import io.tankws.CloseStatus;
import io.tankws.Message;
import io.tankws.OverflowPolicy;
import io.tankws.core.event.Counters;
import io.tankws.core.flow.FlowControl;
import io.tankws.core.support.FakeConnection;
import io.tankws.spi.support.RunningTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** One outbox with its connection, its listener and its flow control, without a session. */
final class OutboxFixture implements OutboxListener {
    private static final int NUMBER = 7;

    final FakeConnection connection = new FakeConnection();
    final Counters counters = new Counters();
    final List<String> reports = new ArrayList<>();
    final List<Throwable> failures = new ArrayList<>();
    final List<String> lost = new ArrayList<>();
    int catchUps;
    final FlowControl flow;
    final Outbox outbox;
    boolean heartbeating;

    OutboxFixture(OverflowPolicy policy, Consumer<ClientLimits.Builder> settings) {
        ClientLimits.Builder builder = ClientLimits.builder();
        settings.accept(builder);
        ClientLimits limits = builder.build();
        flow = new FlowControl(limits, false, Thread::new);
        outbox = new Outbox(NUMBER, this, connection, limits, new OutboxContext(policy, counters, flow));
    }

    /** Returns a message whose frame has a number of bytes. */
    static Message ofFrameLength(int bytes) {
        int header = bytes < 128 ? 2 : bytes < 65540 ? 4 : 10;
        return Message.text("x".repeat(bytes - header));
    }

    static MessageBatch batch(int messages, int frameLength) {
        return MessageBatch.of(IntStream.range(0, messages)
                .mapToObj(i -> ofFrameLength(frameLength))
                .toList());
    }

    /** Starts a write that stays in flight. */
    void block() {
        connection.takesAtOnce = false;
        send(Message.text(""));
    }

    void send(Message message) {
        outbox.offer(message);
        outbox.flush();
    }

    boolean enqueue(MessageBatch batch) {
        return outbox.enqueue(batch, RunningTime.nanoTime());
    }

    boolean isFilled() {
        return flow.isAnyFilledBut(0);
    }

    @Override
    public void onOverflow(String report) {
        reports.add(report);
    }

    @Override
    public void onCatchUp() {
        catchUps++;
    }

    @Override
    public void onInsufficientState(String topic) {
        lost.add(topic);
    }

    @Override
    public void onWriteFailed(Throwable cause) {
        failures.add(cause);
    }

    @Override
    public CloseStatus tooSlow(CloseStatus status) {
        return status;
    }

    @Override
    public boolean isHeartbeating() {
        return heartbeating;
    }
}
