package io.tankws.it.compat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.centrifugal.centrifuge.Client;
import io.github.centrifugal.centrifuge.DuplicateSubscriptionException;
import io.github.centrifugal.centrifuge.EventListener;
import io.github.centrifugal.centrifuge.HistoryOptions;
import io.github.centrifugal.centrifuge.HistoryResult;
import io.github.centrifugal.centrifuge.Options;
import io.github.centrifugal.centrifuge.PublicationEvent;
import io.github.centrifugal.centrifuge.PublishResult;
import io.github.centrifugal.centrifuge.RPCResult;
import io.github.centrifugal.centrifuge.ResultCallback;
import io.github.centrifugal.centrifuge.SubscribedEvent;
import io.github.centrifugal.centrifuge.Subscription;
import io.github.centrifugal.centrifuge.SubscriptionEventListener;
import io.tankws.CloseStatus;
import io.tankws.Payload;
import io.tankws.testkit.Await;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The published SDK for Java, which speaks Protobuf. */
class CentrifugeJavaSdkTest {
    private final BlockingQueue<SubscribedEvent> subscribed = new LinkedBlockingQueue<>();
    private final List<String> publications = new CopyOnWriteArrayList<>();

    private final SubscriptionEventListener listener = new SubscriptionEventListener() {
        @Override
        public void onSubscribed(Subscription subscription, SubscribedEvent event) {
            subscribed.add(event);
        }

        @Override
        public void onPublication(Subscription subscription, PublicationEvent event) {
            publications.add(event.getOffset() + ":" + new String(event.getData(), StandardCharsets.UTF_8));
        }
    };

    @ParameterizedTest
    @ValueSource(strings = {"java-websocket", "jetty"})
    void theSdkForJavaWorks(String transport) throws InterruptedException, DuplicateSubscriptionException {
        try (CentrifugeFixture fixture = new CentrifugeFixture(transport, manager -> manager, protocol -> protocol)) {
            Options options = new Options();
            options.setToken("ann");
            options.setMinReconnectDelay(20);
            options.setMaxReconnectDelay(100);
            String address = "ws://127.0.0.1:" + fixture.server.port() + CentrifugePeer.PATH;
            Client client = new Client(address, options, new EventListener() {});
            try {
                Subscription news = client.newSubscription("news", listener);
                client.connect();
                news.subscribe();
                SubscribedEvent first = next();
                assertTrue(first.getRecoverable() && first.getPositioned() && !first.wasRecovering());

                call((ResultCallback<PublishResult> result) -> news.publish(json("{\"a\":1}"), result));
                Await.until("the publication", () -> publications.contains("1:{\"a\":1}"));
                RPCResult echo = call(result -> client.rpc("echo", json("[1]"), result));
                assertEquals("[1]", new String(echo.getData(), StandardCharsets.UTF_8));
                HistoryResult history = call(result ->
                        news.history(new HistoryOptions.Builder().withLimit(-1).build(), result));
                assertEquals(1, history.getPublications().size());

                fixture.tank.closeClient("ann", new CloseStatus(3011, "force reconnect"));
                SubscribedEvent again = next();
                assertTrue(again.wasRecovering() && again.getRecovered());

                client.disconnect();
                Await.until("the disconnection", () -> fixture.tank.getClientCount() == 0);
                List<String> expected = new ArrayList<>(List.of("1:{\"a\":1}"));
                for (int i = 2; i <= 6; i++) {
                    fixture.tank.publish("news", Payload.json(Integer.toString(i)));
                    expected.add(i + ":" + i);
                }
                client.connect();
                assertTrue(next().getRecovered());
                Await.until("the missed publications", () -> publications.size() == 6);
                assertEquals(expected, publications);

                client.disconnect();
                Await.until("the disconnection", () -> fixture.tank.getClientCount() == 0);
                for (int i = 0; i < 101; i++) {
                    fixture.tank.publish("news", Payload.json("0"));
                }
                client.connect();
                SubscribedEvent lost = next();
                assertTrue(lost.wasRecovering());
                assertFalse(lost.getRecovered());
                assertEquals(6, publications.size());
            } finally {
                client.close(1000);
            }
        }
    }

    private SubscribedEvent next() throws InterruptedException {
        SubscribedEvent event = subscribed.poll(Await.timeout().toSeconds(), TimeUnit.SECONDS);
        if (event == null) {
            throw new AssertionError("no subscription in time");
        }
        return event;
    }

    private static byte[] json(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static <T> T call(Consumer<ResultCallback<T>> call) {
        CompletableFuture<T> result = new CompletableFuture<>();
        call.accept((failure, value) -> {
            if (failure == null) {
                result.complete(value);
            } else {
                result.completeExceptionally(failure);
            }
        });
        return result.orTimeout(Await.timeout().toSeconds(), TimeUnit.SECONDS).join();
    }
}
