package io.tankws.testkit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

/** A client that stays for the whole {@link Soak}: the number of each message is one more than that of the last. */
final class SoakSubscriber implements Swarm.Listener {
    private final AtomicLong deliveries;
    private volatile int received;

    SoakSubscriber(AtomicLong deliveries) {
        this.deliveries = deliveries;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes it
    @Override
    public void message(SwarmMember member, ByteBuffer payload) {
        String text = StandardCharsets.UTF_8.decode(payload).toString();
        if (!text.endsWith("\"data\":\"" + received + "\"}")) {
            throw new AssertionError("after " + received + " messages came " + text);
        }
        deliveries.incrementAndGet();
        // Written by the swarm's thread alone.
        received = received + 1;
    }

    @Override
    public void ended(SwarmMember member) {
        throw new AssertionError("closed with " + member.closeCode() + " after " + received + " messages");
    }

    int received() {
        return received;
    }
}
