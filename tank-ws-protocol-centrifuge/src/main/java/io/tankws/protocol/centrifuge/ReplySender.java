package io.tankws.protocol.centrifuge;

import io.tankws.CloseStatus;
import io.tankws.protocol.centrifuge.message.DisconnectReason;
import io.tankws.protocol.centrifuge.message.ErrorReason;
import io.tankws.protocol.centrifuge.message.Push;
import io.tankws.protocol.centrifuge.message.PushBody;
import io.tankws.protocol.centrifuge.message.Reply;
import io.tankws.protocol.centrifuge.message.ReplyError;
import io.tankws.protocol.centrifuge.message.Result;
import io.tankws.spi.ClientActionException;
import io.tankws.spi.ProtocolConnection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The sender of replies and pushes to one client. Thread-safe. */
final class ReplySender {
    private static final CompletionStage<?> DONE = CompletableFuture.completedFuture(null);

    private final ProtocolConnection connection;
    private final PublicationEncoding encoding;
    private volatile boolean closed;

    ReplySender(ProtocolConnection connection, PublicationEncoding encoding) {
        this.connection = connection;
        this.encoding = encoding;
    }

    PublicationEncoding encoding() {
        return encoding;
    }

    /** Sends the result of a command. Returns a completed stage. */
    CompletionStage<?> result(long id, Result result) {
        connection.reply(encoding.message(Reply.of(id, result)));
        return DONE;
    }

    /** Sends an error as the reply to a command. Returns a completed stage. */
    CompletionStage<?> error(long id, ErrorReason reason) {
        return error(id, reason.error());
    }

    CompletionStage<?> error(long id, ReplyError error) {
        connection.reply(encoding.message(Reply.of(id, error)));
        return DONE;
    }

    /** Sends the error of the application, or an internal one. Returns a completed stage. */
    CompletionStage<?> applicationError(long id, Throwable failure) {
        ClientActionException action = ClientActionException.of(failure);
        if (action.getCause() instanceof CentrifugeException error) {
            return error(id, new ReplyError(error.code(), String.valueOf(error.getMessage()), error.isTemporary()));
        }
        boolean isLimit = action.reason() == ClientActionException.Reason.LIMIT;
        return error(id, isLimit ? ErrorReason.TOO_MANY_REQUESTS : ErrorReason.INTERNAL);
    }

    /** Sends the error for a failed action on a topic. Returns a completed stage. */
    CompletionStage<?> actionError(long id, ClientActionException e) {
        return switch (e.reason()) {
            case DENIED ->
                e.getCause() instanceof CentrifugeException
                        ? applicationError(id, e)
                        : error(id, ErrorReason.PERMISSION_DENIED);
            case INVALID_TOPIC -> error(id, ErrorReason.BAD_REQUEST);
            case LIMIT -> error(id, ErrorReason.LIMIT_EXCEEDED);
            case SUBSCRIBED -> error(id, ErrorReason.ALREADY_SUBSCRIBED);
            case NOT_SUBSCRIBED -> error(id, ErrorReason.PERMISSION_DENIED);
            case NOT_AVAILABLE -> error(id, ErrorReason.NOT_AVAILABLE);
            case NOT_RECOVERED -> error(id, ErrorReason.UNRECOVERABLE_POSITION);
            case EXPIRED -> error(id, ErrorReason.EXPIRED);
            case NOT_AUTHENTICATED -> error(id, ErrorReason.UNAUTHORIZED);
            case CLOSED -> DONE;
            case FAILED -> error(id, ErrorReason.INTERNAL);
        };
    }

    void push(String topic, PushBody body) {
        connection.reply(encoding.message(Reply.of(new Push(topic, body))));
    }

    void disconnect(DisconnectReason reason) {
        disconnect(reason.status());
    }

    void disconnect(CloseStatus status) {
        closed = true;
        connection.close(status);
    }

    /** Returns whether this side has closed the connection. */
    boolean isClosed() {
        return closed;
    }
}
