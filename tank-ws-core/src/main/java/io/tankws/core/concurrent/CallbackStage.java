package io.tankws.core.concurrent;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The stage that an application gets for an answer of the backplane. The thread of the backplane completes it and
 * must not run actions of the application. These run on callback threads, and cost nothing if there are none. Actions
 * on a completed stage run on the calling thread.
 *
 * <p>Every way to depend on a {@link CompletionStage} leads through these methods. {@link #toCompletableFuture()}
 * returns a future of its own for each call.
 *
 * @param <T> type of the result
 */
public final class CallbackStage<T> extends CompletableFuture<T> {
    private final Executor users;

    public CallbackStage(Executor users) {
        this.users = users;
    }

    @Override
    public CompletableFuture<T> toCompletableFuture() {
        CompletableFuture<T> own = new CompletableFuture<>();
        whenComplete((value, failure) -> {
            if (failure == null) {
                own.complete(value);
            } else {
                own.completeExceptionally(failure);
            }
        });
        return own;
    }

    @Override
    public <U> CompletableFuture<U> thenApply(Function<? super T, ? extends U> function) {
        return isDone() ? super.thenApply(function) : thenApplyAsync(function, users);
    }

    @Override
    public CompletableFuture<Void> thenAccept(Consumer<? super T> action) {
        return isDone() ? super.thenAccept(action) : thenAcceptAsync(action, users);
    }

    @Override
    public CompletableFuture<Void> thenRun(Runnable action) {
        return isDone() ? super.thenRun(action) : thenRunAsync(action, users);
    }

    @Override
    public <U, V> CompletableFuture<V> thenCombine(
            CompletionStage<? extends U> other, BiFunction<? super T, ? super U, ? extends V> function) {
        return isDone() ? super.thenCombine(other, function) : thenCombineAsync(other, function, users);
    }

    @Override
    public <U> CompletableFuture<Void> thenAcceptBoth(
            CompletionStage<? extends U> other, BiConsumer<? super T, ? super U> action) {
        return isDone() ? super.thenAcceptBoth(other, action) : thenAcceptBothAsync(other, action, users);
    }

    @Override
    public CompletableFuture<Void> runAfterBoth(CompletionStage<?> other, Runnable action) {
        return isDone() ? super.runAfterBoth(other, action) : runAfterBothAsync(other, action, users);
    }

    @Override
    public <U> CompletableFuture<U> applyToEither(CompletionStage<? extends T> other, Function<? super T, U> function) {
        return isDone() ? super.applyToEither(other, function) : applyToEitherAsync(other, function, users);
    }

    @Override
    public CompletableFuture<Void> acceptEither(CompletionStage<? extends T> other, Consumer<? super T> action) {
        return isDone() ? super.acceptEither(other, action) : acceptEitherAsync(other, action, users);
    }

    @Override
    public CompletableFuture<Void> runAfterEither(CompletionStage<?> other, Runnable action) {
        return isDone() ? super.runAfterEither(other, action) : runAfterEitherAsync(other, action, users);
    }

    @Override
    public <U> CompletableFuture<U> thenCompose(Function<? super T, ? extends CompletionStage<U>> function) {
        return isDone() ? super.thenCompose(function) : thenComposeAsync(function, users);
    }

    @Override
    public CompletableFuture<T> whenComplete(BiConsumer<? super T, ? super Throwable> action) {
        return isDone() ? super.whenComplete(action) : whenCompleteAsync(action, users);
    }

    @Override
    public <U> CompletableFuture<U> handle(BiFunction<? super T, Throwable, ? extends U> function) {
        return isDone() ? super.handle(function) : handleAsync(function, users);
    }

    @Override
    public CompletableFuture<T> exceptionally(Function<Throwable, ? extends T> function) {
        return isDone() ? super.exceptionally(function) : exceptionallyAsync(function, users);
    }

    @Override
    public CompletableFuture<T> exceptionallyCompose(Function<Throwable, ? extends CompletionStage<T>> function) {
        return isDone() ? super.exceptionallyCompose(function) : exceptionallyComposeAsync(function, users);
    }
}
