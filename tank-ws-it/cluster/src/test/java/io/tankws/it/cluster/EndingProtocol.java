package io.tankws.it.cluster;

import io.tankws.Message;
import io.tankws.Publication;
import io.tankws.spi.ClientProtocol;
import io.tankws.spi.ProtocolConnection;
import io.tankws.spi.ProtocolEncoding;
import io.tankws.spi.ProtocolSession;
import io.tankws.spi.SubscribeRequest;
import io.tankws.spi.SubscriptionEnding;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** A protocol whose messages are the topics to subscribe to, and which notifies the client of ended subscriptions. */
final class EndingProtocol implements ClientProtocol {
    private static final ProtocolEncoding ENCODING = new ProtocolEncoding() {
        @Override
        public Optional<Message> encode(Publication publication) {
            return Optional.of(Message.text("publication"));
        }

        @Override
        public Optional<Message> encode(Message message) {
            return Optional.empty();
        }
    };

    @Override
    public String name() {
        return "endings";
    }

    @Override
    public ProtocolSession open(ProtocolConnection connection) {
        return new ProtocolSession() {
            @Override
            public ProtocolEncoding encoding() {
                return ENCODING;
            }

            @Override
            public void onText(ByteBuffer utf8) {
                connection.subscribe(request(StandardCharsets.UTF_8.decode(utf8).toString()));
            }

            private SubscribeRequest request(String topic) {
                return SubscribeRequest.builder(topic, ENCODING)
                        .reply(started -> List.of(Message.text("subscribed")))
                        .build();
            }

            @Override
            public void onBinary(ByteBuffer payload) {}

            @Override
            public SubscribeRequest onServerSubscribe(String topic) {
                return request(topic);
            }

            @Override
            public void onUnsubscribed(String topic, SubscriptionEnding ending) {
                connection.reply(Message.text("ended " + topic + " " + ending));
            }
        };
    }
}
