package io.tankws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.reflect.Modifier;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CloseStatusTest {
    private static final Map<String, Integer> CODES = Map.ofEntries(
            Map.entry("NORMAL", 1000),
            Map.entry("GOING_AWAY", 1001),
            Map.entry("PROTOCOL_ERROR", 1002),
            Map.entry("UNSUPPORTED_DATA", 1003),
            Map.entry("NO_STATUS", 1005),
            Map.entry("ABNORMAL", 1006),
            Map.entry("INVALID_PAYLOAD", 1007),
            Map.entry("POLICY_VIOLATION", 1008),
            Map.entry("MESSAGE_TOO_BIG", 1009),
            Map.entry("INTERNAL_ERROR", 1011),
            Map.entry("SERVICE_RESTART", 1012),
            Map.entry("TRY_AGAIN_LATER", 1013),
            Map.entry("IDENTITY_EXPIRED", 4401),
            Map.entry("REPLACED", 4409));

    private static Map<String, CloseStatus> constants() {
        Map<String, CloseStatus> constants = new TreeMap<>();
        Stream.of(CloseStatus.class.getDeclaredFields())
                .filter(field -> field.getType() == CloseStatus.class && Modifier.isPublic(field.getModifiers()))
                .forEach(field -> {
                    try {
                        constants.put(field.getName(), (CloseStatus) field.get(null));
                    } catch (IllegalAccessException e) {
                        throw new AssertionError(e);
                    }
                });
        return constants;
    }

    @Test
    void constantsHaveTheRegisteredCodes() {
        Map<String, Integer> found = new TreeMap<>();
        constants().forEach((name, status) -> found.put(name, status.code()));
        assertEquals(new TreeMap<>(CODES), found);
    }

    @Test
    void onlyTheTwoLocalCodesMustNotBeSent() {
        constants()
                .forEach((name, status) -> assertEquals(
                        status != CloseStatus.NO_STATUS && status != CloseStatus.ABNORMAL, status.isSendable(), name));
    }

    @Test
    void aReasonCanBeAdded() {
        CloseStatus slow = CloseStatus.TRY_AGAIN_LATER.withReason("reads too slowly");
        assertEquals(new CloseStatus(1013, "reads too slowly"), slow);
        assertEquals("", CloseStatus.TRY_AGAIN_LATER.reason());
        assertThrows(IllegalArgumentException.class, () -> CloseStatus.NORMAL.withReason("x".repeat(124)));
    }
}
