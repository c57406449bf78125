package io.tankws.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.Client;
import io.tankws.CloseStatus;
import io.tankws.Manager;
import io.tankws.WebSocketServer;
import io.tankws.testkit.Await;
import io.tankws.testkit.TestClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The interface {@code Client} as applications use it. */
abstract class ClientContract extends ContractTestBase {
    ClientContract(ContractFixture fixture) {
        super(fixture);
    }

    @Test
    void theUserIdComesFromTheQuery() {
        Manager manager = start();
        WebSocketServer server = serve(manager);
        closing(TestClient.connect(server, "/ws?a=1&user_id=J%C3%B6rg+%26+Co"));
        Client client = find(manager, "Jörg & Co");
        assertEquals(Optional.of("1"), client.handshakeRequest().queryParameter("a"));
        assertEquals("/ws", client.handshakeRequest().path());
        assertTrue(client.remoteAddress().getAddress().isLoopbackAddress());
        assertTrue(client.isOpen());
        assertSame(client, manager.client(client.id()).orElseThrow());
    }

    @Test
    void withoutAUserIdOneIsMadeUp() {
        Manager manager = start();
        WebSocketServer server = serve(manager);
        closing(TestClient.connect(server, "/ws"));
        closing(TestClient.connect(server, "/ws?user_id="));
        Await.until("both", () -> manager.getClientCount() == 2);
        List<Client> clients = manager.clients();
        assertFalse(clients.get(0).userId().isEmpty());
        assertNotEquals(clients.get(0).userId(), clients.get(1).userId());
        assertNotEquals(clients.get(0).id(), clients.get(1).id());
    }

    @Test
    void aUserIdHasABound() {
        Manager manager = start(settings -> settings.limits(managerLimits(limits -> limits.maxUserIdBytes(8))));
        WebSocketServer server = serve(manager);
        connect(manager, server, "12345678");
        assertEquals(
                400, TestClient.to(server, "/ws?user_id=123456789").awaitReply().status());
        assertEquals(
                400,
                TestClient.to(server, "/ws?user_id=%C3%BC%C3%BC%C3%BC%C3%BC%C3%BC")
                        .awaitReply()
                        .status());
    }

    @Test
    void theGreetingComesFirst() {
        Manager manager = closing(fixture().manager().build().start());
        WebSocketServer server = serve(manager);
        TestClient ann = connect(server, "ann");
        ann.awaitText("Hello, ann! Welcome to WebSocket server.");
        Manager other = start(settings -> settings.greeting("Hi {userId}, {userId}"));
        server.handle("/other", other::handleConnection);
        closing(TestClient.connect(server, "/other?user_id=bob")).awaitText("Hi bob, bob");
    }

    @Test
    void theServersOwnCodeSendsToOneClient() {
        Manager manager = start();
        WebSocketServer server = serve(manager);
        TestClient ann = connect(manager, server, "ann");
        TestClient bob = connect(manager, server, "bob");
        assertTrue(find(manager, "ann").send("for ann"));
        ann.awaitText("for ann");
        manager.broadcastMessage("end");
        bob.awaitText("end");
    }

    @Test
    void aClosedClientGetsCodeAndReasonAndWhatWasQueued() {
        Manager manager = start();
        TestClient ann = connect(manager, serve(manager), "ann");
        Client client = find(manager, "ann");
        client.send("last words");
        client.close(new CloseStatus(4321, "because of ü"));
        assertFalse(client.isOpen());
        assertFalse(client.send("too late"));
        ann.awaitText("last words");
        assertEquals(new CloseStatus(4321, "because of ü"), ann.awaitClose());
        Await.until("nobody", () -> manager.getClientCount() == 0);
        assertEquals(Optional.empty(), manager.client(client.id()));
        assertEquals(Optional.empty(), client.subscribe("news"));
        client.close(CloseStatus.NORMAL);
        assertEquals(1, manager.statistics().messagesUndelivered());
    }

    @Test
    void codesThatMayNotBeSentAreRefused() {
        Manager manager = start();
        connect(manager, serve(manager), "ann");
        Client client = find(manager, "ann");
        assertThrows(IllegalArgumentException.class, () -> client.close(CloseStatus.ABNORMAL));
        assertTrue(client.isOpen());
    }

    @Test
    void closingAUserClosesAllItsConnections() {
        Manager manager = start();
        WebSocketServer server = serve(manager);
        TestClient one = connect(server, "ann");
        TestClient two = connect(server, "ann");
        TestClient bob = connect(manager, server, "bob");
        Await.until("all", () -> manager.getClientCount() == 3);
        assertEquals(2, manager.closeClient("ann", new CloseStatus(4000, "bye")));
        assertEquals(new CloseStatus(4000, "bye"), one.awaitClose());
        assertEquals(new CloseStatus(4000, "bye"), two.awaitClose());
        Await.until("only bob", () -> manager.getClientCount() == 1);
        assertEquals(0, manager.closeClient("ann"));
        assertEquals(0, manager.closeClient("nobody"));
        assertEquals(1, manager.closeClient("bob"));
        assertEquals(CloseStatus.NORMAL, bob.awaitClose());
    }

    @Test
    void whoDoesNotAnswerACloseIsCutOff() {
        Manager manager = start(
                settings -> settings.clientLimits(clientLimits(limits -> limits.closeTimeout(Duration.ofMillis(200)))));
        TestClient ann = connect(manager, serve(manager), "ann").answeringClose(false);
        manager.closeClient("ann");
        Await.until("nobody", () -> manager.getClientCount() == 0);
        assertEquals(CloseStatus.NORMAL, ann.awaitClose());
    }

    @Test
    void attributesBelongToTheConnection() {
        Manager manager = start();
        WebSocketServer server = serve(manager);
        connect(manager, server, "ann");
        connect(manager, server, "bob");
        find(manager, "ann").attributes().put("key", "value");
        assertEquals(Map.of("key", "value"), find(manager, "ann").attributes());
        assertEquals(Map.of(), find(manager, "bob").attributes());
    }
}
