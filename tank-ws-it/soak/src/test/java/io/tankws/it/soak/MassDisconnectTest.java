package io.tankws.it.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tankws.ClientLimits;
import io.tankws.ErrorCode;
import io.tankws.Manager;
import io.tankws.ManagerLimits;
import io.tankws.Statistics;
import io.tankws.testkit.Swarm;
import io.tankws.testkit.SwarmMember;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Readers whose sockets are reset together between bursts of messages, a third of them at each size of a burst. More of
 * them by {@code -Dtankws.readers=1500}.
 */
class MassDisconnectTest {
    private static final int DYING = Integer.getInteger("tankws.readers", 600);
    private static final int LIVING = 40;
    private static final List<Integer> SIZES = List.of(129, 300, 1000);
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    /** How messages come to the readers. */
    enum Way {
        TOPIC,
        BROADCAST,
        RELAY
    }

    static Stream<Arguments> waysOnTransports() {
        return Stream.of("jetty", "java-websocket")
                .flatMap(transport -> Stream.of(Way.values())
                        .flatMap(way -> Stream.of(true, false).map(cluster -> Arguments.of(transport, way, cluster))));
    }

    @ParameterizedTest
    @MethodSource("waysOnTransports")
    void theLivingGetEveryMessageOnceAndNothingOfTheDeadIsLeft(String transport, Way way, boolean cluster) {
        ManagerLimits ofManager =
                ManagerLimits.builder().maxConnections(DYING + LIVING + 1).build();
        ClientLimits ofClients = ClientLimits.builder()
                .outboxMessages(100_000)
                .outboxBytes(1 << 26)
                .outboxAge(Duration.ofMinutes(10))
                .build();
        if (cluster) {
            try (Pair pair =
                    new Pair(transport, settings -> settings.limits(ofManager).clientLimits(ofClients))) {
                new Run(pair.site, way, pair).run();
            }
        } else {
            try (OperationSite site = new OperationSite(
                    transport, settings -> settings.limits(ofManager).clientLimits(ofClients))) {
                new Run(site, way, null).run();
            }
        }
    }

    /** Counts what comes as {@link Reader} does, whatever it is wrapped in. */
    private static final class Counting implements Swarm.Listener {
        private final Way way;
        private final boolean mustGetAll;
        private volatile int received;

        Counting(Way way, boolean mustGetAll) {
            this.way = way;
            this.mustGetAll = mustGetAll;
        }

        @Override
        public void message(SwarmMember member, ByteBuffer payload) {
            int number = 0;
            for (int i = way == Way.TOPIC ? Reader.PREFIX : 0;
                    i < payload.limit() && payload.get(i) >= '0' && payload.get(i) <= '9';
                    i++) {
                number = 10 * number + payload.get(i) - '0';
            }
            if (number != received) {
                throw new AssertionError(number + " came instead of " + received);
            }
            received = number + 1;
        }

        @Override
        public void ended(SwarmMember member) {
            if (mustGetAll) {
                throw new AssertionError("a living reader was disconnected with " + member.closeCode());
            }
        }
    }

    private static final class Run {
        private final OperationSite site;
        private final Way way;
        /** {@code null} without a cluster. */
        private final Pair pair;

        private final List<Counting> living = new ArrayList<>();
        private final List<SwarmMember> dying = new ArrayList<>();
        private int published;

        Run(OperationSite site, Way way, Pair pair) {
            this.site = site;
            this.way = way;
            this.pair = pair;
        }

        void run() {
            join();
            try (Sender sender = new Sender(site)) {
                site.awaitClients(DYING + LIVING + 1);
                for (int i = 0; i < SIZES.size(); i++) {
                    // One by one, large bursts take long and show nothing more.
                    int size = pair == null && way != Way.RELAY ? SIZES.get(0) : SIZES.get(i);
                    int from = i * DYING / SIZES.size();
                    int to = (i + 1) * DYING / SIZES.size();
                    send(sender, size);
                    awaitLiving();
                    dying.subList(from, to).forEach(SwarmMember::reset);
                    for (int burst = 0; burst < 5; burst++) {
                        send(sender, size);
                    }
                    awaitLiving();
                    site.awaitClients(DYING - to + LIVING + 1);
                }
            }
            site.awaitClients(LIVING);
            Statistics statistics = site.conserved();
            assertEquals(LIVING, statistics.clients());
            assertEquals(Map.of(), withoutWriteFailures(statistics.errors()));
            assertEquals(0, statistics.messagesDropped());
            refill();
        }

        /** A socket that fails is an error of its client; nothing else may have failed. */
        private static Map<ErrorCode, Long> withoutWriteFailures(Map<ErrorCode, Long> errors) {
            Map<ErrorCode, Long> others = new HashMap<>(errors);
            others.remove(ErrorCode.WRITE_FAILED);
            return others;
        }

        private void join() {
            for (int i = 0; i < DYING + LIVING; i++) {
                boolean lives = i % (DYING / LIVING + 1) == 0 && living.size() < LIVING;
                Counting reader = new Counting(way, lives);
                SwarmMember member = site.join("u" + i, reader);
                if (lives) {
                    living.add(reader);
                } else {
                    dying.add(member);
                }
            }
            site.awaitClients(dying.size() + living.size());
            if (way == Way.TOPIC) {
                site.subscribeAll(Reader.TOPIC);
            }
        }

        private void send(Sender sender, int size) {
            List<String> texts = IntStream.range(published, published + size)
                    .mapToObj(Integer::toString)
                    .toList();
            published += size;
            if (way == Way.RELAY) {
                sender.sendTogether(texts);
                return;
            }
            CompletionStage<Void> last = null;
            Manager manager = pair == null ? site.manager : pair.publisher;
            for (String text : texts) {
                last = way == Way.TOPIC
                        ? manager.broadcastTopicMessage(Reader.TOPIC, text)
                        : manager.broadcastMessage(text);
            }
            Pair.await(last);
        }

        private void awaitLiving() {
            site.await(
                    "all messages", PATIENCE, () -> living.stream().allMatch(reader -> reader.received == published));
        }

        /** Every permit and the port are free again. */
        private void refill() {
            for (int i = 0; i < DYING + 1; i++) {
                site.join("new" + i, new Swarm.Listener() {});
            }
            site.awaitClients(DYING + LIVING + 1);
        }
    }

    /** A client on a socket of its own, so that many messages leave in one segment. */
    private static final class Sender implements AutoCloseable {
        private final Socket socket;

        Sender(OperationSite site) {
            try {
                socket = new Socket(
                        site.server.address().getAddress(),
                        site.server.address().getPort());
                socket.getOutputStream().write(RawPeer.head(site.server.address(), "sender"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void sendTogether(List<String> texts) {
            ByteArrayOutputStream frames = new ByteArrayOutputStream();
            texts.forEach(text -> frames.writeBytes(RawPeer.frame(1, text)));
            try {
                socket.getOutputStream().write(frames.toByteArray());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            try {
                socket.setSoLinger(true, 0);
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
