package io.tankws.protocol.centrifuge.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.tankws.CloseStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Codes are those that SDKs know, and close reasons are no JSON. */
class CodesTest {
    @Test
    void errorsHaveTheCodesOfTheProtocol() {
        List<Long> codes = Arrays.stream(ErrorReason.values())
                .map(reason -> reason.error().code())
                .toList();
        assertEquals(
                List.of(100L, 101L, 102L, 103L, 104L, 105L, 106L, 107L, 108L, 109L, 110L, 111L, 112L, 113L), codes);
        Set<Long> temporary = Arrays.stream(ErrorReason.values())
                .map(ErrorReason::error)
                .filter(ReplyError::temporary)
                .map(ReplyError::code)
                .collect(Collectors.toSet());
        assertEquals(Set.of(100L, 111L, 113L), temporary);
    }

    @Test
    void unsubscriptionsAreFinalOrResubscribe() {
        assertEquals(
                List.of(2000L, 2500L, 2501L, 2502L),
                Arrays.stream(UnsubscribeReason.values())
                        .map(reason -> reason.push().code())
                        .toList());
    }

    @ParameterizedTest
    @EnumSource(DisconnectReason.class)
    void disconnectsHaveASendableStatusWithAPlainReason(DisconnectReason reason) throws IOException {
        CloseStatus status = reason.status();
        assertTrue(status.isSendable());
        assertTrue(status.code() >= 3000 && status.code() < 4000);
        assertNoJson(status.reason());
        assertSame(status, CloseReasons.plain(status));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "true",
                "false",
                "null",
                " true ",
                "1",
                "-1",
                "1e3",
                "\"x\"",
                "{}",
                "[]",
                "{\"reconnect\":false}",
                "\n[1]\n",
                "00",
                "-",
                "{"
            })
    void aReasonThatMayBeJsonGetsAPrefix(String reason) throws IOException {
        CloseStatus status = CloseReasons.plain(new CloseStatus(3001, reason));
        assertEquals("reason: " + reason.strip(), status.reason());
        assertEquals(3001, status.code());
        assertNoJson(status.reason());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "shutdown", "truethful", "true or false", "\u00e9"})
    void anyOtherReasonStays(String reason) {
        CloseStatus status = new CloseStatus(4000, reason);
        assertSame(status, CloseReasons.plain(status));
    }

    @Test
    void aLongReasonIsCutBetweenCharacters() {
        String reason = "1" + "\ud83d\ude00".repeat(30);
        CloseStatus status = CloseReasons.plain(new CloseStatus(3001, reason));
        assertEquals("reason: 1" + "\ud83d\ude00".repeat(28), status.reason());
        assertTrue(status.reason().getBytes(StandardCharsets.UTF_8).length <= CloseStatus.MAX_REASON_BYTES);
    }

    private static void assertNoJson(String text) throws IOException {
        try (JsonParser parser = new JsonFactory().createParser(text)) {
            assertThrows(JsonProcessingException.class, () -> {
                while (parser.nextToken() != null) {
                    parser.skipChildren();
                }
            });
        }
    }
}
