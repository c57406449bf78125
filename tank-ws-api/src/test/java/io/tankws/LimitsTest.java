package io.tankws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LimitsTest {
    static Stream<Class<?>> types() {
        return Stream.of(ServerLimits.class, ManagerLimits.class, ClientLimits.class);
    }

    private static Object builder(Class<?> type) throws ReflectiveOperationException {
        return type.getMethod("builder").invoke(null);
    }

    private static Object build(Object builder) throws ReflectiveOperationException {
        return builder.getClass().getMethod("build").invoke(builder);
    }

    /** Returns the setters with one parameter. */
    private static List<Method> setters(Class<?> type) throws ReflectiveOperationException {
        List<Method> setters = Arrays.stream(builder(type).getClass().getDeclaredMethods())
                .filter(method -> method.getParameterCount() == 1 && method.canAccess(builderOf(type)))
                .toList();
        assertTrue(setters.size() >= 8, setters::toString);
        return setters;
    }

    private static Object builderOf(Class<?> type) {
        try {
            return builder(type);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private static Object value(Method setter, long number) {
        return setter.getParameterTypes()[0] == int.class ? (Object) (int) number : Duration.ofNanos(number);
    }

    @ParameterizedTest
    @MethodSource("types")
    void everySetterChangesItsLimitAlone(Class<?> type) throws ReflectiveOperationException {
        for (Method setter : setters(type)) {
            Object builder = builder(type);
            // This is large enough for limits that have another limit as their minimum.
            Object expectedValue = value(setter, setter.getName().equals("handshakeBytes") ? 4000 : 20_000_000);
            setter.invoke(builder, expectedValue);
            Object limits = build(builder);
            for (Method other : setters(type)) {
                Method accessor = type.getMethod(other.getName());
                Object expected = other.equals(setter)
                        ? expectedValue
                        : accessor.invoke(type.getMethod("defaults").invoke(null));
                assertEquals(expected, accessor.invoke(limits), other::getName);
            }
            assertEquals(limits, build(type.getMethod("toBuilder").invoke(limits)));
            assertEquals(
                    limits.hashCode(),
                    build(type.getMethod("toBuilder").invoke(limits)).hashCode());
            assertNotEquals(type.getMethod("defaults").invoke(null), limits);
            assertTrue(limits.toString().contains(setter.getName() + "=" + expectedValue), limits::toString);
        }
    }

    @ParameterizedTest
    @MethodSource("types")
    void everyLimitIsPositive(Class<?> type) throws ReflectiveOperationException {
        for (Method setter : setters(type)) {
            for (Object wrong : setter.getParameterTypes()[0] == int.class
                    ? List.<Object>of(0, -1)
                    : List.<Object>of(Duration.ZERO, Duration.ofNanos(-1), Duration.ofDays(366))) {
                Object builder = builder(type);
                setter.invoke(builder, wrong);
                Throwable cause = assertThrows(InvocationTargetException.class, () -> build(builder), setter::getName)
                        .getCause();
                assertEquals(IllegalArgumentException.class, cause.getClass());
                assertTrue(cause.getMessage().startsWith(setter.getName() + " must be positive"), cause::getMessage);
                assertTrue(cause.getMessage().endsWith(", but was " + wrong), cause::getMessage);
            }
        }
    }

    @Test
    void theSoftLimitOfAnOutboxHasTwoParts() {
        ClientLimits limits =
                ClientLimits.builder().outboxSoft(7, Duration.ofSeconds(1)).build();
        assertEquals(7, limits.outboxSoftBytes());
        assertEquals(Duration.ofSeconds(1), limits.outboxSoftTime());
        ClientLimits.Builder builder = ClientLimits.builder();
        builder.outboxSoft(7, Duration.ZERO);
        assertEquals(
                "outboxSoftTime must be positive and at most 365 days, but was PT0S",
                assertThrows(IllegalArgumentException.class, builder::build).getMessage());
    }

    @Test
    void pendingRequestHeadsHaveRoomForOne() {
        ServerLimits.Builder builder =
                ServerLimits.builder().handshakeBytes(100).pendingHandshakeBytes(99);
        assertEquals(
                "pendingHandshakeBytes must be at least handshakeBytes, 100, but was 99",
                assertThrows(IllegalArgumentException.class, builder::build).getMessage());
        assertEquals(100, builder.pendingHandshakeBytes(100).build().pendingHandshakeBytes());
    }

    @Test
    void onlyExplicitLimitsReplaceTheLimitsOfTheManager() {
        ClientLimits ofManager =
                ClientLimits.builder().maxTopics(5).maxFragments(6).build();
        ClientLimits both = ofManager.with(ClientLimits.builder()
                .maxTopics(ClientLimits.defaults().maxTopics())
                .build());
        assertEquals(128, both.maxTopics());
        assertEquals(6, both.maxFragments());
        assertEquals(ClientLimits.defaults().outboxBytes(), both.outboxBytes());
        assertEquals(ClientLimits.builder().maxTopics(128).maxFragments(6).build(), both);
        assertSame(ofManager, ofManager.with(ClientLimits.defaults()));
    }
}
