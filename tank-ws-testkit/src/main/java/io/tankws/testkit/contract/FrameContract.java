package io.tankws.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tankws.BinaryRelay;
import io.tankws.ErrorCode;
import io.tankws.ErrorEvent;
import io.tankws.Manager;
import io.tankws.WebSocketServer;
import io.tankws.testkit.Await;
import io.tankws.testkit.RecordingSubscriber;
import io.tankws.testkit.TestClient;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Frames that follow RFC 6455, and frames that violate it. */
abstract class FrameContract extends ContractTestBase {
    private static final int LIMIT = 1000;

    FrameContract(ContractFixture fixture) {
        super(fixture);
    }

    private Manager limited() {
        return start(settings -> settings.binaryRelay(BinaryRelay.AS_BINARY)
                .clientLimits(
                        clientLimits(limits -> limits.maxMessageBytes(LIMIT).maxFragments(10))));
    }

    @Test
    void aPingIsAnsweredWithItsOwnPayload() {
        Manager manager = start();
        TestClient ann = connect(manager, serve(manager), "ann");
        byte[] payload = new byte[125];
        payload[0] = 42;
        ann.sendPing(payload);
        assertArrayEquals(payload, ann.awaitPong());
        ann.sendPing(new byte[0]);
        assertArrayEquals(new byte[0], ann.awaitPong());
    }

    @Test
    void pingsInARowAreAnsweredInOrder() {
        Manager manager = start();
        TestClient ann = connect(manager, serve(manager), "ann");
        for (byte i = 0; i < 10; i++) {
            ann.sendPing(new byte[] {i});
        }
        for (byte i = 0; i < 10; i++) {
            assertArrayEquals(new byte[] {i}, ann.awaitPong());
        }
    }

    @Test
    void fragmentsAreJoinedAroundPings() {
        Manager manager = start();
        WebSocketServer server = serve(manager);
        TestClient ann = connect(manager, server, "ann");
        TestClient bob = connect(manager, server, "bob");
        byte[] text = "Grüße 🐢".getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < text.length; i++) {
            ann.sendFrame(i == 0 ? 1 : 0, i == text.length - 1, new byte[] {text[i]});
            if (i == 3) {
                ann.sendPing(new byte[] {7});
            }
        }
        bob.awaitText("Grüße 🐢");
        assertArrayEquals(new byte[] {7}, ann.awaitPong());
    }

    @Test
    void anUnaskedPongChangesNothing() {
        Manager manager = start();
        WebSocketServer server = serve(manager);
        TestClient ann = connect(manager, server, "ann");
        TestClient bob = connect(manager, server, "bob");
        ann.sendFrame(10, true, new byte[] {1});
        ann.sendText("after");
        bob.awaitText("after");
    }

    @Test
    void theLargestMessageIsTaken() {
        Manager manager = limited();
        WebSocketServer server = serve(manager);
        TestClient ann = connect(manager, server, "ann");
        TestClient bob = connect(manager, server, "bob");
        ann.sendBinary(new byte[LIMIT]);
        assertEquals(LIMIT, bob.awaitBinary().length);
        for (int i = 0; i < 10; i++) {
            ann.sendFrame(i == 0 ? 2 : 0, i == 9, new byte[LIMIT / 10]);
        }
        assertEquals(LIMIT, bob.awaitBinary().length);
    }

    private void assertClosed(int code, Consumer<TestClient> offence) {
        Manager manager = limited();
        RecordingSubscriber<ErrorEvent> errors = RecordingSubscriber.of(manager.errors());
        WebSocketServer server = serve(manager);
        TestClient bob = connect(manager, server, "bob");
        TestClient ann = connect(manager, server, "ann");
        offence.accept(ann);
        assertEquals(code, ann.awaitClose().code());
        ErrorEvent error = errors.await("the error", event -> true);
        assertEquals(ErrorCode.READ_FAILED, error.code());
        assertEquals("ann", error.client().orElseThrow().userId());
        Await.until("only bob", () -> manager.getClientCount() == 1);
        manager.broadcastMessage("undisturbed");
        bob.awaitText("undisturbed");
        assertEquals(0, bob.unread());
    }

    @Test
    void oneByteMoreCloses1009() {
        assertClosed(1009, client -> client.sendBinary(new byte[LIMIT + 1]));
    }

    @Test
    void oneByteMoreInFragmentsCloses1009() {
        assertClosed(1009, client -> {
            client.sendFrame(2, false, new byte[LIMIT]);
            client.sendFrame(0, true, new byte[1]);
        });
    }

    @Test
    void oneFragmentMoreCloses1009() {
        assertClosed(1009, client -> {
            for (int i = 0; i < 11; i++) {
                client.sendFrame(i == 0 ? 2 : 0, false, new byte[0]);
            }
        });
    }

    @Test
    void textThatIsNotUtf8Closes1007() {
        assertClosed(1007, client -> client.sendFrame(1, true, new byte[] {'a', (byte) 0xFF}));
    }

    @Test
    void aContinuationOfNothingCloses1002() {
        assertClosed(1002, client -> client.sendFrame(0, true, new byte[1]));
    }

    @Test
    void aMessageInsideAMessageCloses1002() {
        assertClosed(1002, client -> {
            client.sendFrame(1, false, new byte[] {'a'});
            client.sendFrame(1, true, new byte[] {'b'});
        });
    }

    @Test
    void anUnknownOpcodeCloses1002() {
        assertClosed(1002, client -> client.sendFrame(3, true, new byte[1]));
    }

    @Test
    void aFragmentedPingCloses1002() {
        assertClosed(1002, client -> client.sendFrame(9, false, new byte[1]));
    }

    @Test
    void aLargePingCloses1002() {
        assertClosed(1002, client -> client.sendFrame(9, true, new byte[126]));
    }
}
