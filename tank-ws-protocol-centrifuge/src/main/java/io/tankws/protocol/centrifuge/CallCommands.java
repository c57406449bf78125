package io.tankws.protocol.centrifuge;

import io.tankws.Client;
import io.tankws.Message;
import io.tankws.Payload;
import io.tankws.protocol.centrifuge.message.DisconnectReason;
import io.tankws.protocol.centrifuge.message.ErrorReason;
import io.tankws.protocol.centrifuge.message.RpcResult;
import io.tankws.spi.ProtocolConnection;
import io.tankws.spi.support.ValidatedText;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The commands of one client to the code of the application. */
final class CallCommands {
    private static final Payload NULL = Payload.json("null");

    private final CentrifugeProtocol protocol;
    private final ProtocolConnection connection;
    private final ReplySender replies;

    CallCommands(CentrifugeProtocol protocol, ProtocolConnection connection, ReplySender replies) {
        this.protocol = protocol;
        this.connection = connection;
        this.replies = replies;
    }

    CompletionStage<?> call(long id, String method, @Nullable Payload argument) {
        if (protocol.methods().isEmpty()) {
            return replies.error(id, ErrorReason.NOT_AVAILABLE);
        }
        RpcHandler handler = protocol.methods().get(method);
        if (handler == null) {
            return replies.error(id, ErrorReason.METHOD_NOT_FOUND);
        }
        Client client = connection.client().orElseThrow();
        return connection
                .callUserCode(() -> handler.call(client, argument == null ? NULL : argument))
                .handle((result, failure) ->
                        failure == null ? result(id, result) : replies.applicationError(id, failure));
    }

    private CompletionStage<?> result(long id, @Nullable Payload result) {
        if (result == null) {
            return replies.error(id, ErrorReason.INTERNAL);
        }
        ByteBuffer data = replies.encoding().data(result);
        if (data == null) {
            // The client could not read the reply.
            replies.disconnect(DisconnectReason.INAPPROPRIATE_PROTOCOL);
            return CompletableFuture.completedFuture(null);
        }
        return replies.result(id, new RpcResult(data));
    }

    CompletionStage<?> send(@Nullable Payload data) {
        Payload content = data == null ? NULL : data;
        Message message = content.kind() == Payload.Kind.BINARY
                ? Message.binary(content.bytes())
                : ValidatedText.of(content.bytes());
        if (!connection.handle(message)) {
            replies.disconnect(DisconnectReason.NOT_AVAILABLE);
        }
        return CompletableFuture.completedFuture(null);
    }
}
