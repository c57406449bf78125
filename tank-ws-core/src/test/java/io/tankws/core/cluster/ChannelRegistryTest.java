package io.tankws.core.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.tankws.spi.Backplane;
import io.tankws.spi.support.RunningTime;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class ChannelRegistryTest {
    private static final String NAME = BackplaneChannel.ofTopic("news");

    private final List<String> told = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, Runnable> isNew = Collections.synchronizedMap(new HashMap<>());
    private final List<BackplaneChannel> released = Collections.synchronizedList(new ArrayList<>());
    private final ChannelRegistry channels = new ChannelRegistry(
            backplane(),
            0,
            channel -> {
                released.add(channel);
                return () -> {};
            },
            topic -> null);

    /** A backplane that records its calls. */
    private Backplane backplane() {
        return (Backplane) Proxy.newProxyInstance(
                Backplane.class.getClassLoader(), new Class<?>[] {Backplane.class}, (proxy, method, arguments) -> {
                    told.add(method.getName() + " " + arguments[0]);
                    if (arguments.length > 1) {
                        isNew.put((String) arguments[0], (Runnable) arguments[1]);
                    }
                    return null;
                });
    }

    private void leave() {
        channels.leave(RunningTime.nanoTime()).run();
    }

    @Test
    void theLastUnsubscribeReleasesTheChannel() {
        channels.subscribing("news", false);
        channels.subscribing("news", false);
        channels.unsubscribed("news");
        leave();
        assertEquals(List.of("subscribe " + NAME), told);
        channels.unsubscribed("news");
        leave();
        assertEquals(List.of("subscribe " + NAME, "unsubscribe " + NAME), told);
        assertNull(channels.find(NAME));
        assertEquals(0, channels.topicCount());
    }

    @Test
    void aSubscriberWithinTheGraceKeepsTheChannel() {
        channels.subscribing("news", false);
        BackplaneChannel before = channels.find(NAME);
        channels.unsubscribed("news");
        channels.subscribing("news", false);
        leave();
        assertSame(before, channels.find(NAME));
        assertEquals(List.of("subscribe " + NAME), told);
    }

    @Test
    void aLateWordOfAnEarlierSubscriptionOpensNothingNew() {
        channels.subscribing("news", false);
        BackplaneChannel before = channels.find(NAME);
        Runnable late = isNew.get(NAME);
        channels.unsubscribed("news");
        leave();
        channels.subscribing("news", false);
        late.run();
        assertNotSame(before, channels.find(NAME));
        assertFalse(released.contains(channels.find(NAME)));
        isNew.get(NAME).run();
        assertEquals(channels.find(NAME), released.get(released.size() - 1));
    }

    /** A client that subscribes to ever new topics must not keep the node subscribed to all of them. */
    @Test
    void noMoreThanSoManyTopicsLinger() {
        ChannelRegistry patient =
                new ChannelRegistry(backplane(), Long.MAX_VALUE / 2, channel -> () -> {}, topic -> null);
        for (int i = 0; i < ChannelRegistry.MAX_EXPIRING + 100; i++) {
            patient.subscribing("topic" + i, false);
            patient.unsubscribed("topic" + i).ifPresent(Runnable::run);
        }
        assertEquals(ChannelRegistry.MAX_EXPIRING, patient.topicCount());
        assertNull(patient.find(BackplaneChannel.ofTopic("topic99")));
        assertNotNull(patient.find(BackplaneChannel.ofTopic("topic100")));
        assertEquals(
                100,
                told.stream().filter(text -> text.startsWith("unsubscribe")).count());
    }

    @Test
    void whoeverIsSubscribedFindsAChannelThatIsWanted() throws Exception {
        int threads = 3;
        int rounds = 20_000;
        ExecutorService pool = Executors.newFixedThreadPool(threads + 1);
        try {
            List<Future<Integer>> subscribers = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                subscribers.add(pool.submit(() -> {
                    int lost = 0;
                    for (int i = 0; i < rounds; i++) {
                        channels.subscribing("news", false);
                        BackplaneChannel found = channels.find(NAME);
                        lost += found == null || found != channels.find(NAME) ? 1 : 0;
                        channels.unsubscribed("news");
                    }
                    return lost;
                }));
            }
            Future<?> leaver = pool.submit(() -> {
                while (!subscribers.stream().allMatch(Future::isDone)) {
                    leave();
                }
            });
            for (Future<Integer> subscriber : subscribers) {
                assertEquals(0, subscriber.get());
            }
            leaver.get();
        } finally {
            pool.shutdownNow();
        }
        leave();
        assertNull(channels.find(NAME));
        for (int i = 0; i < told.size(); i++) {
            assertEquals((i % 2 == 0 ? "subscribe " : "unsubscribe ") + NAME, told.get(i));
        }
        assertEquals(0, told.size() % 2);
    }
}
