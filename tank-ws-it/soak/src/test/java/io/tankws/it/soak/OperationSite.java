package io.tankws.it.soak;

import io.tankws.Client;
import io.tankws.Manager;
import io.tankws.Statistics;
import io.tankws.WebSocketServer;
import io.tankws.core.TankWs;
import io.tankws.testkit.Await;
import io.tankws.testkit.Swarm;
import io.tankws.testkit.SwarmMember;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A manager, a server on one transport, and its swarm of clients. */
final class OperationSite implements AutoCloseable {
    final Manager manager;
    final WebSocketServer server;
    final Swarm swarm;

    OperationSite(String transport, Consumer<Manager.Builder> settings) {
        this(transport, Duration.ZERO, settings);
    }

    OperationSite(String transport, Duration rest, Consumer<Manager.Builder> settings) {
        swarm = new Swarm(rest);
        Manager.Builder builder = TankWs.builder().greeting("").farewell("");
        settings.accept(builder);
        manager = builder.build().start();
        server = TankWs.serve(transport)
                .port(0)
                .handle("/ws", manager::handleConnection)
                .start();
    }

    SwarmMember join(String user, Swarm.Listener listener) {
        return swarm.join(server.address(), "/ws?user_id=" + user, listener);
    }

    /** Connects a client with a small receive buffer, which fills quickly when the client does not read. */
    SwarmMember joinNarrow(String user, Swarm.Listener listener) {
        return swarm.join(server.address(), "/ws?user_id=" + user, listener, 8 * 1024);
    }

    void awaitClients(int count) {
        await("clients", Duration.ofSeconds(300), () -> manager.getClientCount() == count);
    }

    void subscribeAll(String topic) {
        for (Client client : manager.clients()) {
            client.subscribe(topic);
        }
    }

    void await(String what, Duration timeout, BooleanSupplier condition) {
        Await.until(
                what,
                timeout,
                () -> {
                    swarm.check();
                    return condition.getAsBoolean();
                },
                () -> manager.statistics().toString());
        swarm.check();
    }

    /** Checks that every offered message is accounted for after all queues are empty. */
    Statistics conserved() {
        await(
                "the outboxes to be empty",
                Duration.ofSeconds(120),
                () -> manager.statistics().messagesQueued() == 0);
        Statistics statistics = manager.statistics();
        if (statistics.messagesOffered() + statistics.messagesRecovered()
                != statistics.messagesSent() + statistics.messagesDropped() + statistics.messagesUndelivered()) {
            throw new AssertionError("messages got lost from the sum: " + statistics);
        }
        return statistics;
    }

    @Override
    public void close() {
        swarm.close();
        manager.shutdown(Duration.ofSeconds(5));
        server.close();
    }
}
