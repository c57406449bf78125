package io.tankws.backplane.redis;

import io.lettuce.core.api.StatefulConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * The connections of one session. All of them close with the session, also those that open after its end. Used by the
 * backplane's event loop only.
 */
final class ConnectionSet {
    private final List<StatefulConnection<?, ?>> open = new ArrayList<>();
    private final Executor thread;
    private boolean closed;

    ConnectionSet(Executor thread) {
        this.thread = thread;
    }

    /** Adds a connection when it has opened. Dependent stages run on the event loop. */
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

    /** Closes one connection before the rest of the set. */
    void close(StatefulConnection<?, ?> connection) {
        if (open.remove(connection)) {
            connection.closeAsync();
        }
    }

    boolean isClosed() {
        return closed;
    }

    /** Closes all connections. The stage completes after the commands in flight have failed. */
    CompletionStage<Void> close() {
        closed = true;
        CompletableFuture<?>[] closing =
                open.stream().map(StatefulConnection::closeAsync).toArray(CompletableFuture<?>[]::new);
        open.clear();
        // A channel closes before its commands fail, so the completion takes another turn of the event loop.
        return CompletableFuture.allOf(closing).thenRunAsync(() -> {}, thread);
    }
}
