package io.tankws.it.properties;

import io.tankws.ClientLimits;
import io.tankws.CloseStatus;
import io.tankws.ConnectionEvent;
import io.tankws.HandshakeRequest;
import io.tankws.Manager;
import io.tankws.OverflowPolicy;
import io.tankws.Statistics;
import io.tankws.WebSocketServer;
import io.tankws.core.TankWs;
import io.tankws.testkit.Await;
import io.tankws.testkit.RecordingSubscriber;
import io.tankws.transport.memory.InMemoryPeer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** A server in this process and a few clients that execute steps. */
final class World {
    static final int CLIENTS = 4;
    private static final Duration LONG = Duration.ofSeconds(10);
    /** The clients never answer a close frame, so a longer wait would change nothing. */
    private static final Duration SHORT = Duration.ofMillis(5);

    private final Manager manager;
    private final WebSocketServer server;
    private final RecordingSubscriber<ConnectionEvent> events;
    private final InMemoryPeer[] peers = new InMemoryPeer[CLIENTS];
    private int connected;
    private boolean shutDown;

    World(OverflowPolicy policy) {
        ClientLimits limits = ClientLimits.builder().outboxMessages(8).build();
        manager = TankWs.builder()
                .overflowPolicy(policy)
                .clientLimits(limits)
                .build()
                .start();
        events = RecordingSubscriber.of(manager.connectionEvents());
        server = TankWs.serve("in-memory")
                .port(0)
                .handle("/ws", manager::handleConnection)
                .start();
    }

    /** Executes a step. A step that a client can no longer do has no effect. */
    void run(Step step) throws InterruptedException {
        try {
            InMemoryPeer peer = peers[step.client()];
            if (step.action() == Step.Action.CONNECT) {
                connect(step.client());
            } else if (!ofServer(step) && peer != null) {
                ofClient(step, peer);
            }
        } catch (IOException closed) {
            // The events report it, and the test checks them at the end.
        }
    }

    private void connect(int client) throws IOException, InterruptedException {
        HandshakeRequest request = HandshakeRequest.builder(
                        "/ws?user_id=u" + client, new InetSocketAddress("127.0.0.1", 1))
                .header("Host", "localhost")
                .header("Upgrade", "websocket")
                .header("Connection", "Upgrade")
                .header("Sec-WebSocket-Version", "13")
                .header("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
                .build();
        peers[client] = InMemoryPeer.connect(server.address(), request, LONG);
        connected++;
    }

    private boolean ofServer(Step step) {
        switch (step.action()) {
            case PUBLISH -> manager.broadcastTopicMessage("t", "published");
            case BROADCAST -> manager.broadcastMessage("to all");
            case SERVER_CLOSE -> manager.closeClient("u" + step.client());
            case SHUTDOWN -> {
                shutDown = true;
                manager.shutdown(SHORT);
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private static void ofClient(Step step, InMemoryPeer peer) throws IOException, InterruptedException {
        switch (step.action()) {
            case SUBSCRIBE -> text(peer, "sub:t");
            case UNSUBSCRIBE -> text(peer, "unsub:t");
            case SEND -> text(peer, "to the other clients");
            case FLOOD -> {
                for (int i = 0; i < 20; i++) {
                    text(peer, "x".repeat(10_000));
                }
            }
            case PING -> peer.send(9, true, new byte[0]);
            case BREAK_PROTOCOL -> peer.send(0, true, new byte[0]);
            case STOP_READING -> peer.reading(false);
            case CLIENT_CLOSE -> peer.sendClose(CloseStatus.NORMAL);
            case ABORT -> peer.disconnect();
            default -> throw new AssertionError(step);
        }
    }

    private static void text(InMemoryPeer peer, String text) throws IOException, InterruptedException {
        peer.send(1, true, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Shuts the server down and returns its events. */
    Outcome end() {
        if (!shutDown) {
            // The peer sees its connection slightly earlier than the manager.
            Await.until("all openings", () -> manager.statistics().connectionsOpened() == connected);
        }
        manager.shutdown(SHORT);
        server.stop(SHORT);
        Await.until("the end of all connections", () -> {
            Statistics now = manager.statistics();
            return now.connectionsOpened() == connected && now.connectionsClosed() == connected;
        });
        Await.until("the end of all events", events::isCompleted);
        Await.until("the end of every message", () -> manager.statistics().messagesQueued() == 0);
        return new Outcome(connected, events.items(), manager.statistics());
    }

    /** The events and statistics of all connections. */
    record Outcome(int connected, List<ConnectionEvent> events, Statistics statistics) {}
}
