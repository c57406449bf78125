package io.tankws.it.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.ConnectionEvent;
import io.tankws.ErrorCode;
import io.tankws.testkit.Await;
import io.tankws.testkit.Fault;
import io.tankws.testkit.Fault.End;
import io.tankws.testkit.FaultProxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The connection ends at every byte of the handshake and of the frames, in both directions. */
abstract class CutFaults extends FaultTestBase {
    private static final int RESETS = 10_000;
    /** The proxy keeps one descriptor for its own listener. */
    private static final int LISTENER = 1;
    /** Number of descriptors that pools may keep, far below the number of broken connections. */
    private static final int MAX_POOLED = 64;

    CutFaults(String transport) {
        super(transport);
    }

    private int headBytes() {
        return RawPeer.head(server().address(), RawPeer.user(0)).length;
    }

    private void assertFine(FaultProxy proxy, String fault) {
        server().awaitNoClient(fault);
        Await.until("the proxy holds nothing after " + fault, () -> proxy.connections() == 0);
        server().serveAFreshPair(fault);
        server().awaitNoClient("the fresh pair after " + fault);
        warm().awaitDescriptors(LISTENER, fault);
    }

    private void assertNoThreadEach() {
        List<String> more = warm().moreThreads();
        assertTrue(more.size() < MAX_POOLED, more::toString);
    }

    @Test
    void anEndAtEveryByteOfTheClient() {
        int all = RawPeer.all(headBytes());
        FaultProxy proxy = proxy();
        for (int k = 0; k <= all; k++) {
            proxy.upstream(Fault.after(k, End.CLOSE));
            RawPeer.run(proxy.address(), RawPeer.user(k));
            proxy.upstream(Fault.after(k, End.RESET));
            RawPeer.run(proxy.address(), RawPeer.user(RESETS + k));
            assertFine(proxy, "an end at byte " + k + " of the client");
        }
        server().assertAccounts();
        assertNoThreadEach();
        for (int k = 0; k <= all; k++) {
            assertLife(k, server().lives(RawPeer.user(k)), true);
            assertLife(k, server().lives(RawPeer.user(RESETS + k)), false);
        }
    }

    /** Bytes before an orderly end count. An end may overtake the handshake response, and a reset any bytes. */
    private void assertLife(int k, List<List<ConnectionEvent>> lives, boolean orderly) {
        String what = "cut at byte " + k + " of " + headBytes() + " and " + RawPeer.all(headBytes()) + ": " + lives;
        if (k == headBytes()) {
            assertTrue(lives.size() <= 1, what);
        } else {
            assertEquals(k < headBytes() ? 0 : 1, lives.size(), what);
        }
        if (lives.isEmpty()) {
            return;
        }
        List<ConnectionEvent> life = lives.get(0);
        boolean subscribed = life.stream().anyMatch(event -> event instanceof ConnectionEvent.Subscribed);
        int code = code(life);
        boolean all = k == RawPeer.all(headBytes());
        if (orderly) {
            assertEquals(k >= RawPeer.subscribed(headBytes()), subscribed, what);
            assertEquals(all ? 1000 : 1006, code, what);
        } else {
            assertTrue(k >= RawPeer.subscribed(headBytes()) || !subscribed, what);
            assertTrue(code == 1006 || all && code == 1000, what);
        }
    }

    @Test
    void anEndAtEveryByteOfTheServer() {
        FaultProxy proxy = proxy();
        RawPeer.Answer answer = RawPeer.run(proxy.address(), RawPeer.user(0));
        for (int k = 1; k <= answer.all(); k++) {
            proxy.downstream(Fault.after(k, End.CLOSE));
            assertTrue(RawPeer.run(proxy.address(), RawPeer.user(k)).all() <= k);
            proxy.downstream(Fault.after(k, End.RESET));
            assertTrue(RawPeer.run(proxy.address(), RawPeer.user(RESETS + k)).all() <= k);
            assertFine(proxy, "an end at byte " + k + " of the server");
        }
        server().assertAccounts();
        assertNoThreadEach();
        for (int k = 1; k <= answer.all(); k++) {
            for (int number : List.of(k, RESETS + k)) {
                int lives = server().lives(RawPeer.user(number)).size();
                assertTrue(lives == 1 || lives == 0 && k <= answer.head(), () -> lives + " of user " + number);
            }
        }
    }

    @Test
    void silenceFromAByteOfTheClientOn() throws Exception {
        List<Callable<Void>> peers = new ArrayList<>();
        for (int k : silences()) {
            FaultProxy proxy = proxy().upstream(Fault.after(k, End.BLACK_HOLE));
            peers.add(() -> {
                RawPeer.run(proxy.address(), RawPeer.user(k));
                return null;
            });
        }
        together(peers);
        server().awaitNoClient("silence");
        server().assertAccounts();
        for (int k : silences()) {
            List<List<ConnectionEvent>> lives = server().lives(RawPeer.user(k));
            assertEquals(k < headBytes() ? 0 : 1, lives.size(), "silent from byte " + k);
            if (!lives.isEmpty()) {
                assertEquals(1006, code(lives.get(0)), "silent from byte " + k);
                server().awaitError(ErrorCode.HEARTBEAT_FAILED, RawPeer.user(k));
            }
        }
    }

    /** Returns some positions in the head and every third position in the frames. */
    private List<Integer> silences() {
        return IntStream.range(0, RawPeer.all(headBytes()))
                .filter(k -> k < headBytes() ? k % 20 == 0 : (k - headBytes()) % 3 == 0)
                .boxed()
                .toList();
    }

    private static int code(List<ConnectionEvent> life) {
        return ((ConnectionEvent.Disconnected) life.get(life.size() - 1))
                .status()
                .code();
    }
}
