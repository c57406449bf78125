package io.tankws.it.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.ClientLimits;
import io.tankws.OverflowPolicy;
import io.tankws.Statistics;
import io.tankws.testkit.SwarmMember;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** With slow, blocked and vanishing readers, each undelivered message is counted and none is delivered twice. */
class LossTest {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final int READERS = 100;
    private static final int SLOW = 10;
    private static final int DEAF = 10;
    private static final int VANISHING = 30;
    private static final int MESSAGES = 900;
    /** Maximum number of messages that a reader may lag. The outboxes hold twice as many. */
    private static final int LEAD = 50;

    private static final String PADDING = ":" + "x".repeat(1500);

    private final List<Reader> readers = new ArrayList<>();
    private final List<SwarmMember> members = new ArrayList<>();
    private final List<SwarmMember> slow = new ArrayList<>();
    private final List<SwarmMember> deaf = new ArrayList<>();
    private final List<SwarmMember> vanishing = new ArrayList<>();
    private final Random random = new Random(42);
    private int published;

    static Stream<Arguments> transportsAndPolicies() {
        return Stream.of("jetty", "java-websocket")
                .flatMap(transport -> Stream.of(
                                OverflowPolicy.DROP_OLDEST, OverflowPolicy.DROP_NEWEST, OverflowPolicy.DISCONNECT)
                        .map(policy -> Arguments.of(transport, policy)));
    }

    @ParameterizedTest
    @MethodSource("transportsAndPolicies")
    void theSumHoldsUnderEveryPolicyAndEveryGapIsADrop(String transport, OverflowPolicy policy) {
        ClientLimits limits = ClientLimits.builder()
                .outboxMessages(2 * LEAD + 1)
                .writeTimeout(Duration.ofMinutes(10))
                .closeTimeout(Duration.ofSeconds(1))
                .build();
        try (OperationSite site = new OperationSite(
                transport, settings -> settings.clientLimits(limits).overflowPolicy(policy))) {
            join(site);
            publish(site, false);
            Statistics quiet = settled(site);
            assertTrue(quiet.messagesDropped() > 0, quiet::toString);
            if (policy == OverflowPolicy.DISCONNECT) {
                site.await("the ends of the deaf", PATIENCE, () -> deaf.stream().allMatch(SwarmMember::isEnded));
            } else {
                // All readers are still connected, so each missing message was dropped and the rest has arrived.
                assertEquals((long) published * readers.size(), quiet.messagesOffered());
                site.await("what was sent", PATIENCE, () -> received() == quiet.messagesSent());
                assertEquals((long) published * readers.size(), received() + quiet.messagesDropped());
            }
            vanish(site);
            publish(site, true);
            Statistics end = settled(site);
            assertTrue(received() <= end.messagesSent(), () -> received() + " received, " + end);
            assertTrue(end.messagesUndelivered() > 0, end::toString);
            assertEquals(
                    List.of(),
                    readers.stream()
                            .limit(READERS)
                            .filter(reader -> reader.received() != published)
                            .toList());
        }
    }

    private Statistics settled(OperationSite site) {
        deaf.forEach(member -> member.reading(true));
        slow.forEach(member -> member.reading(true));
        site.await("the ends", PATIENCE, () -> vanishing.stream().allMatch(SwarmMember::isEnded));
        site.await("clients", PATIENCE, () -> site.manager.getClientCount() == present());
        Statistics statistics = site.conserved();
        awaitReaders(site, published);
        return statistics;
    }

    private void awaitReaders(OperationSite site, int count) {
        site.await(
                "the readers",
                PATIENCE,
                () -> readers.stream().limit(READERS).allMatch(reader -> reader.received() >= count));
    }

    private void join(OperationSite site) {
        for (int i = 0; i < READERS; i++) {
            members.add(site.join("reader" + i, reader()));
        }
        for (int i = 0; i < SLOW; i++) {
            slow.add(site.joinNarrow("slow" + i, reader()));
        }
        for (int i = 0; i < DEAF; i++) {
            deaf.add(site.joinNarrow("deaf" + i, reader()));
        }
        members.addAll(slow);
        members.addAll(deaf);
        site.awaitClients(members.size());
        site.subscribeAll(Reader.TOPIC);
        deaf.forEach(member -> member.reading(false));
    }

    private Reader reader() {
        Reader reader = new Reader(true);
        readers.add(reader);
        return reader;
    }

    private void vanish(OperationSite site) {
        for (int i = 0; i < VANISHING; i++) {
            vanishing.add(site.joinNarrow("vanishing" + i, reader()));
        }
        members.addAll(vanishing);
        site.await("clients", PATIENCE, () -> site.manager.getClientCount() == present());
        site.subscribeAll(Reader.TOPIC);
    }

    private void publish(OperationSite site, boolean vanish) {
        for (int i = 0; i < MESSAGES; i++) {
            site.manager.broadcastTopicMessage(Reader.TOPIC, published++ + PADDING);
            if (i % LEAD == 0) {
                awaitReaders(site, published - LEAD);
                slow.get(random.nextInt(SLOW)).reading(random.nextBoolean());
            }
            if (vanish && i % (MESSAGES / VANISHING) == 0) {
                SwarmMember member = vanishing.get(i / (MESSAGES / VANISHING));
                member.reading(random.nextBoolean());
                member.reset();
            }
        }
    }

    private long present() {
        return members.stream().filter(member -> !member.isEnded()).count();
    }

    private long received() {
        return readers.stream().mapToLong(Reader::received).sum();
    }
}
