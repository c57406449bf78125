package io.tankws.backplane.redis;

import io.lettuce.core.api.StatefulConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** Knows the connections of one life, so that all end with it, also those that open too late. Of the backplane's thread. */
final class ConnectionSet {
    private final List<StatefulConnection<?, ?>> open = new ArrayList<>();
    private final Executor thread;
    private boolean closed;

    ConnectionSet(Executor thread) {
        this.thread = thread;
    }

    /** What follows happens on the backplane's thread. */
    <C extends StatefulConnection<?, ?>> CompletionStage<C> keep(CompletionStage<C> opening) {
        return opening.whenCompleteAsync(
                (connection, failure) -> {
                    if (connection != null && closed) {
                        connection.closeAsync();
                    } else if (connection != null) {
                        open.add(connection);
                    }
                },
                thread);
    }

    /** Ends one before the others. */
    void close(StatefulConnection<?, ?> connection) {
        if (open.remove(connection)) {
            connection.closeAsync();
        }
    }

    boolean isClosed() {
        return closed;
    }

    /** Ends them; what was on its way on them has failed when that is done. */
    CompletionStage<Void> close() {
        closed = true;
        CompletableFuture<?>[] closing =
                open.stream().map(StatefulConnection::closeAsync).toArray(CompletableFuture<?>[]::new);
        open.clear();
        // Channels close first and fail their commands then, so once more through the thread.
        return CompletableFuture.allOf(closing).thenRunAsync(() -> {}, thread);
    }
}
