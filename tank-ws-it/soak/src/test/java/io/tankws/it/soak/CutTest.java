package io.tankws.it.soak;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.testkit.Fault;
import io.tankws.testkit.Fault.End;
import io.tankws.testkit.FaultProxy;
import io.tankws.testkit.Footprint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A whole life of a connection, cut once at every byte in either direction: the server goes on as if nothing had been. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class CutTest {
    private static final int FIN = 0x80;
    private static final byte[] MASK = {1, 2, 3, 4};

    private static final int LANES = 4;

    private final List<Lane> lanes = new ArrayList<>();

    private void serve(String transport) {
        for (int i = 0; i < LANES; i++) {
            lanes.add(new Lane(transport));
        }
    }

    @AfterEach
    void end() {
        lanes.forEach(Lane::end);
    }

    /** What is done to each byte; most of it is waiting, so several are done at once, each on a server of its own. */
    private void forEachByte(int count, BiConsumer<Lane, Integer> task) {
        List<CompletableFuture<Void>> running = new ArrayList<>();
        for (int i = 0; i < LANES; i++) {
            int first = i;
            running.add(CompletableFuture.runAsync(
                    () -> {
                        for (int k = first; k <= count; k += LANES) {
                            task.accept(lanes.get(first), k);
                        }
                    },
                    run -> new Thread(run).start()));
        }
        running.forEach(CompletableFuture::join);
    }

    private static void frame(ByteArrayOutputStream out, int opcode, String text) {
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        out.write(FIN + opcode);
        out.write(0x80 | payload.length);
        out.writeBytes(MASK);
        for (int i = 0; i < payload.length; i++) {
            out.write(payload[i] ^ MASK[i & 3]);
        }
    }

    /** All that a client sends, from its handshake to its close frame. */
    private static byte[] life() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        String head = """
                GET /ws?user_id=cut HTTP/1.1\r
                Host: localhost\r
                Upgrade: websocket\r
                Connection: Upgrade\r
                Sec-WebSocket-Version: 13\r
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
                \r
                """;
        out.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
        frame(out, 1, "sub:t");
        frame(out, 1, "a text");
        frame(out, 1 - FIN, "in two ");
        frame(out, 0, "fragments");
        frame(out, 9, "ping");
        frame(out, 8, "\u0003\u00e8");
        return out.toByteArray();
    }

    /** Lives it through the proxy and reads whatever comes until the end; returns how many bytes came. */
    private static int live(FaultProxy proxy, boolean stays) {
        try (Socket socket =
                new Socket(proxy.address().getAddress(), proxy.address().getPort())) {
            socket.setSoTimeout(stays ? 50 : 10_000);
            socket.getOutputStream().write(life());
            return socket.getInputStream().readAllBytes().length;
        } catch (IOException e) {
            // A reset, as ordered, or nothing.
            return 0;
        }
    }

    /** Everything is loaded and every pool as large as it gets. */
    private Footprint warmedUp() {
        forEachByte(20 * LANES, (lane, k) -> {
            try (FaultProxy proxy = new FaultProxy(lane.server.address())) {
                assertTrue(live(proxy, false) > 129, "a life without a fault");
            }
            lane.servesAFreshPair("no fault");
        });
        return Footprint.settled(Duration.ofSeconds(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"jetty", "java-websocket"})
    void aLifeIsCutAtEveryByte(String transport) {
        serve(transport);
        Footprint before = warmedUp();
        for (End end : List.of(End.CLOSE, End.RESET, End.HALF_CLOSE)) {
            cutEveryByteOfTheClient(end);
        }
        for (End end : List.of(End.CLOSE, End.RESET)) {
            cutEveryByteOfTheServer(end);
        }
        fallSilentAtManyBytes();
        lanes.forEach(Lane::assertNothingIsLeft);
        before.awaitReturn(16 * 1024 * 1024, Duration.ofSeconds(30));
    }

    private void cutEveryByteOfTheClient(End end) {
        forEachByte(life().length, (lane, k) -> {
            try (FaultProxy proxy = new FaultProxy(lane.server.address()).upstream(Fault.after(k, end))) {
                live(proxy, false);
                lane.servesAFreshPair(end + " after byte " + k);
            }
        });
    }

    private void cutEveryByteOfTheServer(End end) {
        int all;
        try (FaultProxy proxy = new FaultProxy(lanes.get(0).server.address())) {
            all = live(proxy, false);
        }
        forEachByte(all, (lane, k) -> {
            try (FaultProxy proxy = new FaultProxy(lane.server.address()).downstream(Fault.after(k, end))) {
                live(proxy, false);
                lane.servesAFreshPair(end + " after byte " + k + " of the answer");
            }
        });
    }

    /** Each costs the time after which silence is noticed, so not every byte. */
    private void fallSilentAtManyBytes() {
        lanes.forEach(lane -> lane.manager.enableHeartbeat(Duration.ofMillis(100), Duration.ofMillis(200)));
        forEachByte(life().length / 8, (lane, k) -> {
            try (FaultProxy proxy =
                    new FaultProxy(lane.server.address()).upstream(Fault.after(8L * k, End.BLACK_HOLE))) {
                live(proxy, true);
                lane.servesAFreshPair("silence after byte " + 8 * k);
            }
        });
    }
}
