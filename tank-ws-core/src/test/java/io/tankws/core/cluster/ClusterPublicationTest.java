package io.tankws.core.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Publications of a node of a cluster, whose topics have no history yet. */
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
    void textsAndJsonArePublishedInThePlainForm() {
        assertEquals(StreamPosition.NONE, join(manager.publish("news", Payload.text("a text"))));
        assertEquals(StreamPosition.NONE, join(manager.publish("news", Payload.json("\"a string\""))));
        assertTrue(published.stream().anyMatch(message -> message.contains("\"data\":\"a text\"")));
        assertTrue(published.stream().anyMatch(message -> message.contains("\"data\":\"a string\"")));
    }

    @Test
    void whatANodeDoesNotSupportFails() {
        PublishOptions repeatable = PublishOptions.builder().idempotencyKey("k").build();
        PublishOptions excluding =
                PublishOptions.builder().excludedClientId("c1").build();
        for (CompletionStage<StreamPosition> refused : List.of(
                manager.publish("news", Payload.binary(new byte[] {1})),
                manager.publish("news", Payload.text("1"), repeatable),
                manager.publish("news", Payload.text("1"), excluding))) {
            CompletionException thrown = assertThrows(CompletionException.class, () -> join(refused));
            assertInstanceOf(UnsupportedOperationException.class, thrown.getCause());
        }
        assertEquals(
                List.of(),
                published.stream().filter(message -> message.contains("news")).toList());
    }

    @Test
    void aNodeCannotBeBuiltWithTopicsThatRemember() {
        Manager.Builder builder = builder().topicConfigurer(topic -> TopicOptions.NONE);
        assertThrows(IllegalArgumentException.class, builder::build);
    }
}
