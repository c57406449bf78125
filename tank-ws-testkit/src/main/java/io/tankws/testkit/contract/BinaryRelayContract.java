package io.tankws.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tankws.BinaryRelay;
import io.tankws.DropReason;
import io.tankws.ErrorCode;
import io.tankws.ErrorEvent;
import io.tankws.Manager;
import io.tankws.Statistics;
import io.tankws.WebSocketServer;
import io.tankws.testkit.Await;
import io.tankws.testkit.RecordingSubscriber;
import io.tankws.testkit.TestClient;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Binary messages of clients on their way to other clients, which may be able to read text alone. */
abstract class BinaryRelayContract extends ContractTestBase {
    /** Texts whose UTF-8 has one to four bytes for each character, and the extremes of each length. */
    private static final List<String> TEXTS = List.of(
            "",
            "\0",
            "plain",
            "Grüße 🐢",
            "\u007F\u0080\u07FF\u0800\uD7FF\uE000\uFFFF\uD800\uDC00\uDBFF\uDFFF",
            "\uFEFFmark",
            "sub:news",
            "{\"type\":\"heartbeat\"}",
            "{\"topic\":\"news\",\"data\":\"x\"}");

    /**
     * A lone continuation, overlong forms, surrogates, code points above U+10FFFF, characters cut short, unused
     * bytes.
     */
    private static final List<String> NOT_UTF8 = List.of(
            "80",
            "61BF",
            "C080",
            "C1BF",
            "E09FBF",
            "F08FBFBF",
            "EDA080",
            "EDBFBF",
            "F4908080",
            "F5808080",
            "C3",
            "E282",
            "F09F90",
            "61C3",
            "C361",
            "E28261",
            "FE",
            "FF",
            "000180FF");

    BinaryRelayContract(ContractFixture fixture) {
        super(fixture);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void binaryIsRelayedAsTextByDefault() {
        Manager manager = start();
        WebSocketServer server = serve(manager);
        TestClient ann = connect(manager, server, "ann");
        List<TestClient> others = List.of(connect(manager, server, "bob"), connect(manager, server, "eve"));
        for (String text : TEXTS) {
            ann.sendBinary(utf8(text));
            others.forEach(other -> other.awaitText(text));
        }
        ann.sendText("end");
        others.forEach(other -> other.awaitText("end"));
        assertEquals(0, ann.unread());
        assertEquals(Map.of(), manager.statistics().errors());
        assertEquals(0, manager.getTopicSubscriberCount("news"));
    }

    @Test
    void binaryInFragmentsIsRelayedAsOneText() {
        Manager manager = start();
        WebSocketServer server = serve(manager);
        TestClient ann = connect(manager, server, "ann");
        TestClient bob = connect(manager, server, "bob");
        byte[] turtles = utf8("ü🐢");
        for (int i = 0; i < turtles.length; i++) {
            ann.sendFrame(i == 0 ? 2 : 0, i == turtles.length - 1, new byte[] {turtles[i]});
        }
        bob.awaitText("ü🐢");
    }

    @Test
    void binaryThatIsNotUtf8IsCountedAndReportedAndNotRelayed() {
        Manager manager = start();
        RecordingSubscriber<ErrorEvent> errors = RecordingSubscriber.of(manager.errors());
        WebSocketServer server = serve(manager);
        TestClient ann = connect(manager, server, "ann");
        List<TestClient> others = List.of(connect(manager, server, "bob"), connect(manager, server, "eve"));
        NOT_UTF8.forEach(hex -> ann.sendBinary(HexFormat.of().parseHex(hex)));
        ann.sendText("end");
        others.forEach(other -> other.awaitText("end"));

        Await.until("the reports", () -> errors.items().size() == NOT_UTF8.size());
        for (ErrorEvent error : errors.items()) {
            assertEquals(ErrorCode.SERIALIZATION_FAILED, error.code());
            assertEquals("ann", error.client().orElseThrow().userId());
        }
        Await.until("the last message to have left", () -> manager.statistics().messagesSent() == 2);
        Statistics statistics = manager.statistics();
        long lost = 2L * NOT_UTF8.size();
        assertEquals(Map.of(DropReason.NOT_TEXT, lost), statistics.drops());
        assertEquals(lost + 2, statistics.messagesOffered());
        assertEquals(0, statistics.messagesQueued());
        assertEquals(Map.of(ErrorCode.SERIALIZATION_FAILED, (long) NOT_UTF8.size()), statistics.errors());
        assertEquals(3, manager.getClientCount());
    }

    @Test
    void textsAndBinaryOfOneReadKeepTheirOrder() {
        Manager manager = start();
        WebSocketServer server = serve(manager);
        TestClient ann = connect(manager, server, "ann");
        TestClient bob = connect(manager, server, "bob");
        int count = 300;
        ann.sendTogether(() -> IntStream.range(0, count).forEach(i -> {
            switch (i % 3) {
                case 0 -> ann.sendText("m" + i);
                case 1 -> ann.sendBinary(utf8("m" + i));
                default -> ann.sendBinary(new byte[] {(byte) 0xFF});
            }
        }));
        IntStream.range(0, count).filter(i -> i % 3 != 2).forEach(i -> bob.awaitText("m" + i));
        assertEquals(
                Map.of(DropReason.NOT_TEXT, count / 3L), manager.statistics().drops());
    }

    @Test
    void binaryOfOneClientAloneIsReportedToo() {
        Manager manager = start();
        TestClient ann = connect(manager, serve(manager), "ann");
        ann.sendBinary(new byte[] {(byte) 0xFF});
        Await.until(
                "the report",
                () -> Map.of(ErrorCode.SERIALIZATION_FAILED, 1L)
                        .equals(manager.statistics().errors()));
        assertEquals(0, manager.statistics().messagesOffered());
    }

    @Test
    void binaryIsRelayedAsItIsWhereThatIsChosen() {
        Manager manager = start(settings -> settings.binaryRelay(BinaryRelay.AS_BINARY));
        WebSocketServer server = serve(manager);
        TestClient ann = connect(manager, server, "ann");
        TestClient bob = connect(manager, server, "bob");
        for (String text : TEXTS) {
            ann.sendBinary(utf8(text));
            assertArrayEquals(utf8(text), bob.awaitBinary());
        }
        for (String hex : NOT_UTF8) {
            ann.sendBinary(HexFormat.of().parseHex(hex));
            assertArrayEquals(HexFormat.of().parseHex(hex), bob.awaitBinary());
        }
        assertEquals(Map.of(), manager.statistics().errors());
        assertEquals(Map.of(), manager.statistics().drops());
    }

    @Test
    void whatTheApplicationSendsStaysBinary() {
        Manager manager = start();
        TestClient ann = connect(manager, serve(manager), "ann");
        manager.broadcastMessage(utf8("text"));
        assertArrayEquals(utf8("text"), ann.awaitBinary());
    }
}
