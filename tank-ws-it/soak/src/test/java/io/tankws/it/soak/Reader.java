package io.tankws.it.soak;

import io.tankws.testkit.Swarm;
import io.tankws.testkit.SwarmMember;
import java.nio.ByteBuffer;

/** A reader that checks that the numbers of a topic's messages increase. */
final class Reader implements Swarm.Listener {
    static final String TOPIC = "t";
    static final int PREFIX = "{\"topic\":\"t\",\"data\":\"".length();

    private final boolean gapsAllowed;
    private volatile int received;
    private volatile int last = -1;

    Reader(boolean gapsAllowed) {
        this.gapsAllowed = gapsAllowed;
    }

    @Override
    public void message(SwarmMember member, ByteBuffer payload) {
        int number = 0;
        for (int i = PREFIX; payload.get(i) >= '0' && payload.get(i) <= '9'; i++) {
            number = 10 * number + payload.get(i) - '0';
        }
        if (gapsAllowed ? number <= last : number != last + 1) {
            throw new AssertionError(number + " came after " + last);
        }
        last = number;
        // Only the thread of the swarm writes this field.
        received = received + 1;
    }

    int received() {
        return received;
    }

    int last() {
        return last;
    }
}
