package io.tankws.it.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tankws.CloseStatus;
import io.tankws.ConnectionEvent;
import io.tankws.testkit.FaultProxy;
import io.tankws.testkit.TestClient;
import java.io.UncheckedIOException;
import java.util.stream.IntStream;

/** Operations of a client and a server. Each begins on a working network, and the topic has the name of the user. */
enum Operation {
    CONNECT {
        @Override
        void begin(FaultyServer server, TestClient client, String user) {
            throw new IllegalStateException("to connect is how it begins");
        }

        @Override
        void assertDone(FaultyServer server, TestClient client, String user) {
            client.awaitText(FaultyServer.greeting(user));
            client.disconnect();
            assertEquals(1006, server.awaitDisconnect(user));
        }
    },
    SUBSCRIBE {
        @Override
        void begin(FaultyServer server, TestClient client, String user) {
            client.sendText("sub:" + user);
        }

        @Override
        void assertDone(FaultyServer server, TestClient client, String user) {
            server.awaitEvent(ConnectionEvent.Subscribed.class, user);
            client.disconnect();
            assertEquals(1006, server.awaitDisconnect(user));
        }
    },
    BROADCAST {
        @Override
        void begin(FaultyServer server, TestClient client, String user) {
            IntStream.range(0, MESSAGES).forEach(i -> server.manager().broadcastTopicMessage(user, "m" + i));
        }

        @Override
        void assertDone(FaultyServer server, TestClient client, String user) {
            awaitMessages(client, user);
            client.disconnect();
            assertEquals(1006, server.awaitDisconnect(user));
        }
    },
    CLIENT_CLOSE {
        @Override
        void begin(FaultyServer server, TestClient client, String user) {
            client.sendClose(CloseStatus.NORMAL);
        }

        @Override
        void assertDone(FaultyServer server, TestClient client, String user) {
            assertEquals(1000, client.awaitClose().code());
            assertEquals(1000, server.awaitDisconnect(user));
        }
    },
    SERVER_CLOSE {
        @Override
        void begin(FaultyServer server, TestClient client, String user) {
            server.manager().closeClient(user, new CloseStatus(4000, "bye"));
        }

        @Override
        void assertDone(FaultyServer server, TestClient client, String user) {
            assertEquals(4000, client.awaitClose().code());
            assertEquals(4000, server.awaitDisconnect(user));
        }
    };

    private static final int MESSAGES = 20;

    abstract void begin(FaultyServer server, TestClient client, String user);

    /** Runs the operation on a network where everything arrives eventually. */
    abstract void assertDone(FaultyServer server, TestClient client, String user);

    /** Connects a subscriber of the user's topic if the operation is a broadcast. */
    TestClient connect(FaultyServer server, FaultProxy proxy, String user) {
        TestClient client = server.to(proxy, user).connect();
        client.awaitText(FaultyServer.greeting(user));
        if (this == BROADCAST) {
            client.sendText("sub:" + user);
            server.awaitEvent(ConnectionEvent.Subscribed.class, user);
        }
        return client;
    }

    /** Runs the operation on a network that fails, where the client may notice first. */
    void attempt(FaultyServer server, TestClient client, String user) {
        try {
            begin(server, client, user);
        } catch (UncheckedIOException e) {
            // The client noticed first.
        }
    }

    static void awaitMessages(TestClient client, String topic) {
        IntStream.range(0, MESSAGES)
                .forEach(i -> client.awaitText("{\"topic\":\"" + topic + "\",\"data\":\"m" + i + "\"}"));
    }
}
