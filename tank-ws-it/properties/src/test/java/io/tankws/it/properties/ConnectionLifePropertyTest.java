package io.tankws.it.properties;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.ConnectionEvent;
import io.tankws.ConnectionEvent.Connected;
import io.tankws.ConnectionEvent.Disconnected;
import io.tankws.ConnectionEvent.Subscribed;
import io.tankws.ConnectionEvent.Unsubscribed;
import io.tankws.OverflowPolicy;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Each connection is reported once at its beginning and once at its end, after any sequence of steps. */
class ConnectionLifePropertyTest {
    @Property
    void everyConnectionConnectsOnceAndDisconnectsOnce(@ForAll OverflowPolicy policy, @ForAll("lives") List<Step> steps)
            throws InterruptedException {
        World world = new World(policy);
        World.Outcome outcome;
        try {
            for (Step step : steps) {
                world.run(step);
            }
        } finally {
            outcome = world.end();
        }
        assertEquals(0, outcome.statistics().eventsLost());
        assertEquals(0, outcome.statistics().clients());
        assertEquals(0, outcome.statistics().topics());
        Map<String, List<ConnectionEvent>> lives = outcome.events().stream()
                .collect(Collectors.groupingBy(event -> event.client().id()));
        // A client that connects after the last event is reported neither at its beginning nor at its end.
        assertTrue(lives.size() <= outcome.connected());
        boolean shutDownEarly = steps.stream().anyMatch(step -> step.action() == Step.Action.SHUTDOWN);
        assertTrue(shutDownEarly || lives.size() == outcome.connected());
        lives.values().forEach(ConnectionLifePropertyTest::assertWhole);
    }

    private static void assertWhole(List<ConnectionEvent> life) {
        List<Class<?>> types = life.stream().<Class<?>>map(Object::getClass).toList();
        assertEquals(Connected.class, types.get(0));
        assertEquals(Disconnected.class, types.get(types.size() - 1));
        assertEquals(1, types.stream().filter(Connected.class::equals).count(), types::toString);
        assertEquals(1, types.stream().filter(Disconnected.class::equals).count(), types::toString);
        Set<String> subscribed = new HashSet<>();
        for (ConnectionEvent event : life) {
            if (event instanceof Subscribed begin) {
                assertTrue(subscribed.add(begin.topic()), types::toString);
            } else if (event instanceof Unsubscribed end) {
                assertTrue(subscribed.remove(end.topic()), types::toString);
            } else if (event instanceof Disconnected end) {
                assertEquals(subscribed, end.endedTopics(), types::toString);
            }
        }
    }

    @Provide
    Arbitrary<List<Step>> lives() {
        Arbitrary<Step.Action> actions = Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.just(Step.Action.CONNECT)),
                Tuple.of(
                        20,
                        Arbitraries.of(Step.Action.class)
                                .filter(action -> action != Step.Action.CONNECT && action != Step.Action.SHUTDOWN)),
                Tuple.of(1, Arbitraries.just(Step.Action.SHUTDOWN)));
        Arbitrary<Integer> clients = Arbitraries.integers().between(0, World.CLIENTS - 1);
        return Combinators.combine(actions, clients).as(Step::new).list().ofMaxSize(40);
    }
}
