package io.tankws.testkit.contract;

import io.tankws.Authentication;
import io.tankws.Authenticator;
import io.tankws.ConnectionEvent;
import io.tankws.HandshakeRequest;
import io.tankws.Manager;
import io.tankws.Upgrader;
import io.tankws.WebSocketServer;
import java.util.concurrent.Flow;

/** A place where user code of a victim keeps its thread. */
enum UserCodeSite {
    MESSAGE_HANDLER("a message handler", true) {
        @Override
        void set(Manager.Builder settings, KeptThread code) {
            settings.messageHandler((client, message) -> {
                if (isVictim(client.userId())) {
                    code.keep();
                }
                client.send(message);
            });
        }
    },
    EVENT_SUBSCRIBER("a subscriber of connection events", true) {
        @Override
        void set(Manager manager, WebSocketServer server, KeptThread code, int victims) {
            for (int i = 0; i < victims; i++) {
                manager.connectionEvents().subscribe(new KeptSubscriber(code));
            }
        }
    },
    AUTHENTICATOR("an authenticator", false) {
        @Override
        void set(Manager manager, WebSocketServer server, KeptThread code, int victims) {
            manager.setAuthenticator(Authenticator.of(request -> {
                keepVictim(request, code);
                return Authentication.accepted();
            }));
        }
    },
    ORIGIN_RULE("an origin rule", false) {
        @Override
        void set(Manager manager, WebSocketServer server, KeptThread code, int victims) {
            manager.setCustomUpgrader(Upgrader.defaults().withOriginRule(request -> {
                keepVictim(request, code);
                return true;
            }));
        }
    },
    CONNECTION_HANDLER("a connection handler", false) {
        @Override
        void set(Manager manager, WebSocketServer server, KeptThread code, int victims) {
            server.handle("/victim", handshake -> {
                code.keep();
                manager.handleConnection(handshake);
            });
        }

        @Override
        String path() {
            return "/victim";
        }
    };

    private static final String VICTIM = "victim";

    private final String title;
    private final boolean ofClients;

    UserCodeSite(String title, boolean ofClients) {
        this.title = title;
        this.ofClients = ofClients;
    }

    /** Before the manager is made. */
    void set(Manager.Builder settings, KeptThread code) {
        settings.messageHandler((client, message) -> client.send(message));
    }

    /** While manager and server run. */
    void set(Manager manager, WebSocketServer server, KeptThread code, int victims) {}

    String path() {
        return "/ws";
    }

    static String victim(int number) {
        return VICTIM + number;
    }

    private static boolean isVictim(String userId) {
        return userId.startsWith(VICTIM);
    }

    private static void keepVictim(HandshakeRequest request, KeptThread code) {
        if (isVictim(request.queryParameter("user_id").orElse(""))) {
            code.keep();
        }
    }

    /** Returns whether the code runs for connected clients. If not, a handshake waits for it. */
    boolean isOfClients() {
        return ofClients;
    }

    @Override
    public String toString() {
        return title;
    }

    /** Keeps its thread when a victim connects. */
    private record KeptSubscriber(KeptThread code) implements Flow.Subscriber<ConnectionEvent> {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(ConnectionEvent event) {
            if (isVictim(event.userId()) && event instanceof ConnectionEvent.Connected) {
                code.keep();
            }
        }

        @Override
        public void onError(Throwable cause) {}

        @Override
        public void onComplete() {}
    }
}
