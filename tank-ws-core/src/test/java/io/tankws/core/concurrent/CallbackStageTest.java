package io.tankws.core.concurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class CallbackStageTest {
    private interface Way extends BiFunction<CompletionStage<String>, Runnable, CompletionStage<?>> {}

    /** Every way to depend on a stage, each of which runs what it is given. */
    private static final Map<String, Way> WAYS = new TreeMap<>();

    static {
        CompletionStage<String> never = new CompletableFuture<>();
        CompletionStage<String> done = CompletableFuture.completedStage("other");
        WAYS.put("thenApply", (stage, run) -> stage.thenApply(value -> ran(run)));
        WAYS.put("thenAccept", (stage, run) -> stage.thenAccept(value -> run.run()));
        WAYS.put("thenRun", (stage, run) -> stage.thenRun(run));
        WAYS.put("thenCombine", (stage, run) -> stage.thenCombine(done, (value, other) -> ran(run)));
        WAYS.put("thenAcceptBoth", (stage, run) -> stage.thenAcceptBoth(done, (value, other) -> run.run()));
        WAYS.put("runAfterBoth", (stage, run) -> stage.runAfterBoth(done, run));
        WAYS.put("applyToEither", (stage, run) -> stage.applyToEither(never, value -> ran(run)));
        WAYS.put("acceptEither", (stage, run) -> stage.acceptEither(never, value -> run.run()));
        WAYS.put("runAfterEither", (stage, run) -> stage.runAfterEither(never, run));
        WAYS.put("thenCompose", (stage, run) -> stage.thenCompose(value -> CompletableFuture.completedStage(ran(run))));
        WAYS.put("whenComplete", (stage, run) -> stage.whenComplete((value, failure) -> run.run()));
        WAYS.put("handle", (stage, run) -> stage.handle((value, failure) -> ran(run)));
        WAYS.put("exceptionally", (stage, run) -> stage.exceptionally(failure -> ran(run)));
        WAYS.put(
                "exceptionallyCompose",
                (stage, run) -> stage.exceptionallyCompose(failure -> CompletableFuture.completedStage(ran(run))));
        WAYS.put(
                "toCompletableFuture",
                (stage, run) -> stage.toCompletableFuture().whenComplete((value, failure) -> run.run()));
        WAYS.put("other.thenCombine", (stage, run) -> done.thenCombine(stage, (other, value) -> ran(run)));
        WAYS.put(
                "allOf",
                (stage, run) -> CompletableFuture.allOf(stage.toCompletableFuture())
                        .whenComplete((value, failure) -> run.run()));
    }

    private static String ran(Runnable run) {
        run.run();
        return "ran";
    }

    private final Queue<Runnable> users = new ArrayDeque<>();
    private final CallbackStage<String> stage = new CallbackStage<>(users::add);
    private int ran;

    private void complete(String way) {
        if (way.startsWith("exceptionally")) {
            stage.completeExceptionally(new IllegalStateException("failed"));
        } else {
            stage.complete("value");
        }
    }

    @TestFactory
    Stream<DynamicTest> whatDependsOnItRunsForUsers() {
        return WAYS.entrySet().stream()
                .map(way -> DynamicTest.dynamicTest(way.getKey(), () -> {
                    CallbackStageTest test = new CallbackStageTest();
                    way.getValue().apply(test.stage, () -> test.ran++);
                    assertEquals(0, test.users.size());
                    test.complete(way.getKey());
                    assertEquals(0, test.ran);
                    assertEquals(1, test.users.size());
                    test.users.remove().run();
                    assertEquals(1, test.ran);
                }));
    }

    @TestFactory
    Stream<DynamicTest> whatIsCompleteRunsAtOnce() {
        return WAYS.entrySet().stream()
                .map(way -> DynamicTest.dynamicTest(way.getKey(), () -> {
                    CallbackStageTest test = new CallbackStageTest();
                    test.complete(way.getKey());
                    way.getValue().apply(test.stage, () -> test.ran++);
                    assertEquals(1, test.ran);
                    assertEquals(0, test.users.size());
                }));
    }

    /** A method that a later Java adds must not be forgotten. */
    @Test
    void everyWayIsTested() {
        Set<String> methods = Arrays.stream(CompletionStage.class.getMethods())
                .map(Method::getName)
                .filter(name -> !name.endsWith("Async"))
                .collect(Collectors.toSet());
        assertTrue(WAYS.keySet().containsAll(methods), () -> methods + " but tested are " + WAYS.keySet());
    }

    @Test
    void nothingRunsWithoutADependentAction() {
        stage.complete("value");
        assertEquals(0, users.size());
        assertEquals("value", stage.toCompletableFuture().join());
    }

    @Test
    void aFailureIsPassedOnAsItIs() {
        IllegalStateException failure = new IllegalStateException("failed");
        CompletableFuture<String> own = stage.toCompletableFuture();
        stage.completeExceptionally(failure);
        users.remove().run();
        assertSame(failure, assertThrows(CompletionException.class, own::join).getCause());
    }
}
