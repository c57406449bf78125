package io.tankws.benchmarks.load;

/**
 * The check of deliveries. It counts the messages of each subscriber that arrive, are lost, duplicated or out of
 * order. Used by the selecting thread. The publishing thread writes only {@link #published}.
 */
public final class DeliveryChecker {
    private static final int RING = 2 * LoadOptions.MAX_WINDOW;

    public long deliveries;
    public long lost;
    public long duplicated;
    public long reordered;
    public long corrupt;
    long echoed;
    public long otherTexts;
    /** Number of messages that only check whether subscribers receive messages. */
    public long hellos;

    long pings;
    /** Number of disconnected subscribers, and number of messages that they had not received. */
    public long disconnected;

    long cut;

    /** True if the latency of each message is measured. */
    public boolean recording;

    int subscribersAlive;
    public final Histogram histogram = new Histogram();

    private final boolean openLoop;
    private final boolean elsewhere;
    private final Payload payload;
    private volatile long published;
    /** Number of the first message that some subscriber has not received. */
    private long completed;
    /** Number of missing deliveries by message. */
    private final int[] pending = new int[RING];

    public DeliveryChecker(boolean openLoop, int size) {
        this(openLoop, false, size);
    }

    private DeliveryChecker(boolean openLoop, boolean elsewhere, int size) {
        this.openLoop = openLoop;
        this.elsewhere = elsewhere;
        this.payload = new Payload(size);
    }

    /** Creates a checker for messages of another process, which reports their number at the end. */
    public static DeliveryChecker ofOthers(int size) {
        DeliveryChecker checker = new DeliveryChecker(false, true, size);
        checker.published = Long.MAX_VALUE;
        return checker;
    }

    long published() {
        return published;
    }

    /** Returns the number of messages, counted from the first without a gap, that have reached all subscribers. */
    public long completed() {
        return completed;
    }

    long inFlight() {
        return published - completed;
    }

    /** Records that the next message is about to be sent; called by one thread. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes it
    void publish() {
        if (!openLoop) {
            pending[(int) (published % RING)] = subscribersAlive;
        }
        published = published + 1;
    }

    /** Checks one text of a server, or the first fragment of one. */
    void text(Peer peer, byte[] text, int from, int to, boolean fragment, long now) {
        int at = payload.find(text, from, to);
        if (at < 0) {
            otherTexts++;
            return;
        }
        long sequence = Payload.sequence(text, at);
        if (sequence == Payload.HELLO) {
            hellos++;
        } else if (sequence < 0 || sequence >= published || !payload.whole(text, at, to, fragment)) {
            corrupt++;
        } else if (peer.role != Peer.Role.SUBSCRIBER) {
            echoed++;
        } else {
            deliver(peer, sequence, now - Payload.due(text, at));
        }
    }

    private void deliver(Peer peer, long sequence, long nanos) {
        if (sequence >= peer.next) {
            long gap = sequence - peer.next;
            lost += gap;
            for (long missing = peer.next; missing < sequence; missing++) {
                settle(missing);
            }
            peer.recent = gap >= 63 ? 1 : peer.recent << gap + 1 | 1;
            peer.next = sequence + 1;
            settle(sequence);
        } else {
            long age = peer.next - 1 - sequence;
            if (age >= 64 || (peer.recent >>> age & 1) != 0) {
                duplicated++;
                return;
            }
            // The message was counted as lost and arrived late.
            peer.recent |= 1L << age;
            reordered++;
            lost--;
        }
        deliveries++;
        if (recording) {
            histogram.record(nanos);
        }
    }

    /** Removes a subscriber that has disconnected. Its missing messages are not awaited. */
    void onDisconnected(Peer peer) {
        disconnected++;
        subscribersAlive--;
        if (elsewhere) {
            // The number of messages that it lacks is unknown.
            return;
        }
        cut += published - peer.next;
        for (long missing = peer.next; missing < published; missing++) {
            settle(missing);
        }
    }

    private void settle(long sequence) {
        if (openLoop) {
            return;
        }
        pending[(int) (sequence % RING)]--;
        if (elsewhere) {
            settleOfOthers();
            return;
        }
        while (completed < published && pending[(int) (completed % RING)] == 0) {
            completed++;
        }
    }

    /** Counts down from 0, because the number of expected messages is not known. */
    private void settleOfOthers() {
        int all = -subscribersAlive;
        while (pending[(int) (completed % RING)] == all) {
            pending[(int) (completed % RING)] = 0;
            completed++;
        }
    }
}
