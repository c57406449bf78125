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
 * Readers whose sockets are reset together between messages. A third of the readers is reset at each number of
 * messages in a row. {@code -Dtankws.readers=1500} sets the number of readers.
 */
class MassDisconnectTest {
    private static final int RESET_READERS = Integer.getInteger("tankws.readers", 600);
    private static final int REMAINING_READERS = 40;
    private static final List<Integer> SIZES = List.of(129, 300, 500);
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    /** The ways in which messages reach the readers. */
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
    void connectedReadersGetEveryMessageOnceAndResetReadersReleaseTheirPermits(
            String transport, Way way, boolean cluster) {
        ManagerLimits ofManager = ManagerLimits.builder()
                .maxConnections(RESET_READERS + REMAINING_READERS + 1)
                .build();
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

    /** A reader that counts messages as {@link Reader} does, also within an envelope. */
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
                throw new AssertionError("a remaining reader was disconnected with " + member.closeCode());
            }
        }
    }

    private static final class Run {
        private final OperationSite site;
        private final Way way;
        /** The cluster, or {@code null} without one. */
        private final Pair pair;

        private final List<Counting> remaining = new ArrayList<>();
        private final List<SwarmMember> resetting = new ArrayList<>();
        private int published;

        Run(OperationSite site, Way way, Pair pair) {
            this.site = site;
            this.way = way;
            this.pair = pair;
        }

        void run() {
            join();
            try (Sender sender = new Sender(site)) {
                site.awaitClients(RESET_READERS + REMAINING_READERS + 1);
                for (int i = 0; i < SIZES.size(); i++) {
                    // Many single messages take long and show no other behaviour.
                    int size = pair == null && way != Way.RELAY ? SIZES.get(0) : SIZES.get(i);
                    int from = i * RESET_READERS / SIZES.size();
                    int to = (i + 1) * RESET_READERS / SIZES.size();
                    send(sender, size);
                    awaitRemainingReaders();
                    resetting.subList(from, to).forEach(SwarmMember::reset);
                    for (int round = 0; round < 3; round++) {
                        send(sender, size);
                    }
                    awaitRemainingReaders();
                    site.awaitClients(RESET_READERS - to + REMAINING_READERS + 1);
                }
            }
            site.awaitClients(REMAINING_READERS);
            Statistics statistics = site.conserved();
            assertEquals(REMAINING_READERS, statistics.clients());
            assertEquals(Map.of(), withoutWriteFailures(statistics.errors()));
            assertEquals(0, statistics.messagesDropped());
            refill();
        }

        /** Returns the errors without failed writes, which are the only errors that broken sockets may cause. */
        private static Map<ErrorCode, Long> withoutWriteFailures(Map<ErrorCode, Long> errors) {
            Map<ErrorCode, Long> others = new HashMap<>(errors);
            others.remove(ErrorCode.WRITE_FAILED);
            return others;
        }

        private void join() {
            for (int i = 0; i < RESET_READERS + REMAINING_READERS; i++) {
                boolean lives =
                        i % (RESET_READERS / REMAINING_READERS + 1) == 0 && remaining.size() < REMAINING_READERS;
                Counting reader = new Counting(way, lives);
                SwarmMember member = site.join("u" + i, reader);
                if (lives) {
                    remaining.add(reader);
                } else {
                    resetting.add(member);
                }
            }
            site.awaitClients(resetting.size() + remaining.size());
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

        private void awaitRemainingReaders() {
            site.await(
                    "all messages",
                    PATIENCE,
                    () -> remaining.stream().allMatch(reader -> reader.received == published));
        }

        /** Checks that every permit and the port are free again. */
        private void refill() {
            for (int i = 0; i < RESET_READERS + 1; i++) {
                site.join("new" + i, new Swarm.Listener() {});
            }
            site.awaitClients(RESET_READERS + REMAINING_READERS + 1);
        }
    }

    /** A client with its own socket, so that many messages leave in one segment. */
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
