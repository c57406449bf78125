package io.tankws.testkit.contract;

import io.tankws.CloseStatus;
import io.tankws.Handshake;
import io.tankws.Message;
import io.tankws.WebSocketServer;
import io.tankws.spi.AcceptOptions;
import io.tankws.spi.TransportHandshake;
import io.tankws.testkit.TestClient;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * No transport calls a listener while it holds a lock that a method of the connection takes: during each callback
 * another thread calls each method, and returns.
 */
@SuppressWarnings("NullAway") // a null fails the test
abstract class CallbackLockContract extends ContractTestBase {
    private static final int MAX_MESSAGE = 64 * 1024;
    /** More than sockets take from a server whose client does not read. */
    private static final int LARGE = 8 * 1024 * 1024;

    CallbackLockContract(ContractFixture fixture) {
        super(fixture);
    }

    /** One after the other, because they share the server. */
    @TestFactory
    @Execution(ExecutionMode.SAME_THREAD)
    Stream<DynamicTest> noLockIsHeldDuringACallback() {
        AtomicReference<LockProbe> next = new AtomicReference<>();
        WebSocketServer server = closing(fixture()
                .server()
                .port(0)
                .handle("/probe", handshake -> accept(handshake, next.get()))
                .start());
        return Arrays.stream(LockProbe.Place.values())
                .flatMap(place -> Arrays.stream(LockProbe.Call.values())
                        .map(call -> DynamicTest.dynamicTest(place + " and " + call, () -> {
                            LockProbe probe = new LockProbe(place, call);
                            next.set(probe);
                            run(probe, server);
                        })));
    }

    private static void accept(Handshake handshake, LockProbe probe) {
        ((TransportHandshake) handshake)
                .accept(
                        AcceptOptions.builder()
                                .maxMessageBytes(MAX_MESSAGE)
                                .maxFragments(16)
                                .build(),
                        probe);
    }

    private static void run(LockProbe probe, WebSocketServer server) {
        try (TestClient client = TestClient.connect(server, "/probe").answeringClose(false)) {
            probe.awaitOpen();
            provoke(probe, client);
            probe.awaitReturn();
        } catch (UncheckedIOException e) {
            if (probe.place() != LockProbe.Place.ON_OPEN) {
                throw e;
            }
            // A connection that is aborted as it opens may end before its answer has left.
            probe.awaitReturn();
        }
        probe.end();
    }

    private static void provoke(LockProbe probe, TestClient client) {
        switch (probe.place()) {
            case ON_OPEN -> {}
            case ON_TEXT, ON_READ_COMPLETE -> client.sendText("text");
            case ON_BINARY -> client.sendBinary(new byte[] {1});
            case ON_PING -> client.sendPing(new byte[] {1});
            case ON_PONG -> client.sendFrame(0xA, true, new byte[] {1});
            case ON_ERROR -> client.sendFrame(0x1, true, new byte[] {(byte) 0xFF});
            case ON_PEER_CLOSE -> client.sendClose(CloseStatus.NORMAL);
            case ON_CLOSE -> client.disconnect();
            case ON_WRITTEN -> {
                stick(probe, client);
                client.reading(true);
            }
            case ON_WRITE_OF_ABORTED -> {
                stick(probe, client);
                probe.awaitOpen().abort();
            }
            case ON_WRITE_TO_RESET -> {
                stick(probe, client);
                client.disconnect();
            }
        }
    }

    private static void stick(LockProbe probe, TestClient client) {
        client.reading(false);
        probe.write(Message.binary(new byte[LARGE]).frame());
    }
}
