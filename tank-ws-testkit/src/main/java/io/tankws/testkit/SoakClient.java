package io.tankws.testkit;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** A client of a {@link Soak} that comes, gets a message, and goes, politely or not. */
final class SoakClient implements Swarm.Listener {
    static final String FLOOD = "flood";
    private static final int NARROW = 8 * 1024;

    enum Conduct {
        POLITE,
        RESET,
        HALF_CLOSE,
        CUT_IN_FRAME,
        SILENT,
        NOT_READING;

        static final List<Conduct> FAULTS =
                Arrays.stream(values()).filter(conduct -> conduct != POLITE).toList();
    }

    private final Conduct conduct;
    private final String topic;
    private final AtomicLong deliveries;
    private final AtomicLong completed;
    private boolean served;
    private volatile boolean over;

    SoakClient(Conduct conduct, String topic, AtomicLong deliveries, AtomicLong completed) {
        this.conduct = conduct;
        this.topic = topic;
        this.deliveries = deliveries;
        this.completed = completed;
    }

    void join(Swarm swarm, InetSocketAddress address) {
        swarm.join(address, "/ws?user_id=guest", this, conduct == Conduct.NOT_READING ? NARROW : 0);
    }

    @Override
    public void opened(SwarmMember member) {
        member.send("sub:" + (conduct == Conduct.NOT_READING ? FLOOD : topic));
    }

    @Override
    public void message(SwarmMember member, ByteBuffer payload) {
        deliveries.incrementAndGet();
        if (served) {
            return;
        }
        served = true;
        completed.incrementAndGet();
        switch (conduct) {
            case POLITE -> member.sendClose();
            case RESET -> member.reset();
            case HALF_CLOSE -> member.halfClose();
            case CUT_IN_FRAME -> member.cutInFrame();
            // Only the heartbeat of the server ends this client. New clients replace it before that.
            case SILENT -> leave(member, true);
            case NOT_READING -> leave(member, false);
        }
    }

    private void leave(SwarmMember member, boolean reading) {
        member.answeringPings(false);
        member.reading(reading);
        over = true;
    }

    @Override
    public void ended(SwarmMember member) {
        over = true;
        if (!served) {
            throw new AssertionError("a guest was not served: " + conduct + ", closed with " + member.closeCode());
        }
    }

    boolean isOver() {
        return over;
    }
}
