package io.tankws.examples.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tankws.Manager;
import io.tankws.Message;
import io.tankws.Payload;
import io.tankws.Publication;
import io.tankws.WebSocketServer;
import io.tankws.core.TankWs;
import io.tankws.spi.ClientProtocol;
import io.tankws.spi.ProtocolConnection;
import io.tankws.spi.ProtocolEncoding;
import io.tankws.spi.ProtocolSession;
import io.tankws.spi.SubscribeRequest;
import io.tankws.spi.SubscriptionEnding;
import io.tankws.testkit.Await;
import io.tankws.testkit.TestClient;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The code of docs/guide/protocols.md. */
class ProtocolsGuideTest extends GuideTest {
    // region FeedEncoding
    /** One object for all sessions, so that each publication is encoded once. */
    static final ProtocolEncoding FEED = new ProtocolEncoding() {
        @Override
        public Optional<Message> encode(Publication publication) {
            return publication.payload().kind() == Payload.Kind.BINARY
                    ? Optional.empty()
                    : Optional.of(Message.text("item " + publication.payload().asText()));
        }

        @Override
        public Optional<Message> encode(Message message) {
            return Optional.of(message);
        }
    };
    // endregion

    // region FeedSession
    /** A text is the name of a topic, which the client subscribes to. */
    record FeedSession(ProtocolConnection connection) implements ProtocolSession {
        @Override
        public ProtocolEncoding encoding() {
            return FEED;
        }

        @Override
        public void onText(ByteBuffer utf8) {
            String topic = StandardCharsets.UTF_8.decode(utf8).toString();
            SubscribeRequest request = SubscribeRequest.builder(topic, FEED)
                    .reply(started -> List.of(Message.text("begin " + topic)))
                    .build();
            connection.inOrder(() -> connection.subscribe(request).handle((subscription, failure) -> {
                if (failure != null) {
                    connection.reply(Message.text("no " + topic));
                }
                return null;
            }));
        }

        @Override
        public void onBinary(ByteBuffer payload) {
            connection.abort();
        }

        @Override
        public void onUnsubscribed(String topic, SubscriptionEnding ending) {
            connection.reply(Message.text("end " + topic));
        }
    }
    // endregion

    // region FeedProtocol
    static final class FeedProtocol implements ClientProtocol {
        @Override
        public String name() {
            return "feed";
        }

        @Override
        public ProtocolSession open(ProtocolConnection connection) {
            return new FeedSession(connection);
        }
    }
    // endregion

    @Test
    void clientsOfBothProtocolsShareATopic() {
        Manager tank = closing(TankWs.builder().build().start());
        // region FeedRoute
        WebSocketServer server = TankWs.serve("in-memory")
                .handle("/ws", tank)
                .handle("/feed", tank.endpoint(new FeedProtocol()))
                .start();
        // endregion
        closing(server);
        TestClient feed = closing(TestClient.connect(server, "/feed"));
        feed.sendText("news");
        feed.awaitText("begin news");
        TestClient plain = connect(server, "/ws");
        plain.sendText("sub:news");
        Await.until("both", () -> tank.getTopicSubscriberCount("news") == 2);
        tank.broadcastTopicMessage("news", "hello");
        feed.awaitText("item hello");
        plain.awaitText("{\"topic\":\"news\",\"data\":\"hello\"}");
        tank.clients().forEach(client -> client.unsubscribe("news"));
        feed.awaitText("end news");
        feed.sendText("");
        feed.awaitText("no ");
        assertEquals(0, feed.unread());
    }
}
