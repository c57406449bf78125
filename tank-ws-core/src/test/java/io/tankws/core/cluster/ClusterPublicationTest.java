package io.tankws.core.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.BackplaneException;
import io.tankws.ClusterConfig;
import io.tankws.Manager;
import io.tankws.Payload;
import io.tankws.PublishOptions;
import io.tankws.StreamPosition;
import io.tankws.TopicOptions;
import io.tankws.core.TankWs;
import io.tankws.spi.Backplane;
import io.tankws.spi.BackplaneListener;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Publications of a node whose backplane has no shared history. */
class ClusterPublicationTest {
    private final List<String> published = new CopyOnWriteArrayList<>();
    private final Manager manager = builder().build().start();

    private Manager.Builder builder() {
        Backplane backplane = (Backplane) Proxy.newProxyInstance(
                Backplane.class.getClassLoader(), new Class<?>[] {Backplane.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("start")) {
                        ((BackplaneListener) arguments[0]).onConnected(BackplaneListener.Continuity.SAME_SERVER);
                    } else if (method.getName().equals("publish")) {
                        published.add(new String((byte[]) arguments[1], StandardCharsets.UTF_8));
                    }
                    if (method.getReturnType() == Optional.class) {
                        return Optional.empty();
                    }
                    return method.getReturnType() == void.class ? null : CompletableFuture.completedStage(null);
                });
        return TankWs.builder(new TestBackplane(backplane)).cluster(ClusterConfig.of("test", "test:x"));
    }

    @AfterEach
    void shutDown() {
        manager.shutdown(Duration.ZERO);
    }

    private static <T> T join(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    @Test
    void textsArePublishedInThePlainForm() {
        assertEquals(StreamPosition.NONE, join(manager.publish("news", Payload.text("a text"))));
        assertTrue(published.stream().anyMatch(message -> message.contains("\"data\":\"a text\"")));
    }

    @Test
    void everyKindOfPayloadIsPublished() {
        PublishOptions excluding =
                PublishOptions.builder().excludedClientId("c1").build();
        assertEquals(StreamPosition.NONE, join(manager.publish("news", Payload.json("{\"a\":1}"))));
        assertEquals(StreamPosition.NONE, join(manager.publish("news", Payload.binary(new byte[] {'b', 'i', 'n'}))));
        assertEquals(StreamPosition.NONE, join(manager.publish("news", Payload.text("hidden"), excluding)));
        for (String part : List.of("{\"a\":1}", "bin", "c1")) {
            assertTrue(published.stream().anyMatch(message -> message.contains(part)), part);
        }
    }

    @Test
    void anIdempotencyKeyNeedsASharedHistory() {
        PublishOptions repeatable = PublishOptions.builder().idempotencyKey("k").build();
        CompletionException thrown = assertThrows(
                CompletionException.class, () -> join(manager.publish("news", Payload.text("1"), repeatable)));
        assertEquals(
                BackplaneException.Reason.REFUSED,
                assertInstanceOf(BackplaneException.class, thrown.getCause()).reason());
    }

    @Test
    void aPublicationThatIsTooLargeIsRefused() {
        Payload large = Payload.binary(new byte[NodeMessage.MAX_BYTES]);
        CompletionException thrown =
                assertThrows(CompletionException.class, () -> join(manager.publish("news", large)));
        assertEquals(
                BackplaneException.Reason.REFUSED,
                assertInstanceOf(BackplaneException.class, thrown.getCause()).reason());
    }

    @Test
    void topicsThatRememberNeedASharedHistory() {
        Manager.Builder builder = builder().topicConfigurer(topic -> TopicOptions.NONE);
        IllegalArgumentException thrown = assertThrows(IllegalArgumentException.class, builder::build);
        assertTrue(thrown.getMessage().contains("the backplane test"), thrown.getMessage());
    }
}
