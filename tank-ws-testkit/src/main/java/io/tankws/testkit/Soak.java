package io.tankws.testkit;

import io.tankws.Manager;
import io.tankws.Statistics;
import io.tankws.WebSocketServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Hours in the life of a server: clients come, subscribe, get a message and go; some stay and check that they get every
 * message once and in order; and one of a hundred fails in a way that the seed chooses.
 *
 * <p>The manager must have no greeting, the path {@code /ws}, and a heartbeat, which ends the clients that fall silent.
 */
public final class Soak {
    private static final String TOPIC = "soak";
    private static final int STEADY = 50;
    private static final int AT_ONCE = 32;
    private static final long TICK_NANOS = 5_000_000;
    private static final String PADDING = "x".repeat(8 * 1024);
    private static final Duration SETTLING = Duration.ofSeconds(30);

    private final Manager manager;
    private final WebSocketServer server;
    private final Random random;
    private final AtomicLong cycles = new AtomicLong();
    private final AtomicLong faults = new AtomicLong();
    private final AtomicLong deliveries = new AtomicLong();
    private final List<SoakSubscriber> steady = new ArrayList<>();

    /**
     * Prepares.
     *
     * @param manager running
     * @param server where the manager stands behind {@code /ws}
     * @param seed chooses the faults
     */
    public Soak(Manager manager, WebSocketServer server, long seed) {
        this.manager = manager;
        this.server = server;
        random = new Random(seed);
    }

    /**
     * The result of a run.
     *
     * @param cycles clients that came, got a message and went
     * @param faults clients that failed on purpose
     * @param deliveries messages that came to clients
     */
    public record Report(long cycles, long faults, long deliveries) {}

    /**
     * Runs, then lets all clients go and waits until the server holds nothing of them.
     *
     * @param duration how long clients come and go
     * @return the result
     * @throws AssertionError if a message was lost, duplicated or out of order, or if a client has left resources
     *     behind
     */
    public Report run(Duration duration) {
        long closedBefore = manager.statistics().connectionsClosed();
        try (Swarm swarm = new Swarm()) {
            gather(swarm);
            long end = System.nanoTime() + duration.toNanos();
            List<SoakClient> clients = new ArrayList<>();
            int published = 0;
            while (System.nanoTime() - end < 0) {
                swarm.check();
                clients.removeIf(SoakClient::isOver);
                for (int i = clients.size(); i < AT_ONCE; i++) {
                    clients.add(startClient(swarm));
                }
                manager.broadcastTopicMessage(TOPIC, Integer.toString(published++));
                manager.broadcastTopicMessage(SoakClient.FLOOD, PADDING);
                LockSupport.parkNanos(TICK_NANOS);
            }
            int all = published;
            Await.until(
                    "all " + all + " messages at those who stay",
                    () -> steady.stream().allMatch(reader -> reader.received() == all));
            swarm.check();
        }
        settle(closedBefore);
        return new Report(cycles.get(), faults.get(), deliveries.get());
    }

    private void gather(Swarm swarm) {
        steady.clear();
        for (int i = 0; i < STEADY; i++) {
            SoakSubscriber reader = new SoakSubscriber(deliveries);
            steady.add(reader);
            swarm.join(server.address(), "/ws?user_id=steady", reader);
        }
        Await.until("those who stay", () -> manager.getClientCount() == STEADY);
        manager.clients().forEach(client -> client.subscribe(TOPIC));
    }

    private SoakClient startClient(Swarm swarm) {
        boolean faulty = random.nextInt(100) == 0;
        SoakClient.Conduct conduct = faulty
                ? SoakClient.Conduct.FAULTS.get(random.nextInt(SoakClient.Conduct.FAULTS.size()))
                : SoakClient.Conduct.POLITE;
        SoakClient client = new SoakClient(conduct, TOPIC, deliveries, faulty ? faults : cycles);
        client.join(swarm, server.address());
        return client;
    }

    private void settle(long closedBefore) {
        long deadline = System.nanoTime() + SETTLING.toNanos();
        while (manager.getClientCount() > 0 || manager.statistics().messagesQueued() > 0) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("something is left: " + manager.statistics());
            }
            LockSupport.parkNanos(TICK_NANOS);
        }
        Statistics statistics = manager.statistics();
        if (statistics.connectionsOpened() != statistics.connectionsClosed()
                || !manager.getAllTopics().isEmpty()
                || statistics.connectionsClosed() - closedBefore < cycles.get()) {
            throw new AssertionError("the counts do not agree: " + statistics);
        }
    }
}
