package io.tankws.transport.jetty;

import java.util.List;
import org.eclipse.jetty.websocket.core.Behavior;
import org.eclipse.jetty.websocket.core.ExtensionStack;
import org.eclipse.jetty.websocket.core.WebSocketComponents;

/**
 * Jetty's view of permessage-deflate: the RSV1 bit is legal. Jetty's own extension loses the messages after a final
 * block, so frames pass here as they are; {@link MessageInflater} and {@link MessageDeflater} stand at both ends.
 */
final class DeflateStack extends ExtensionStack {
    private final MessageInflater inflater;
    private final MessageDeflater deflater;

    DeflateStack(WebSocketComponents components, DeflateParameters agreement) {
        super(components, Behavior.SERVER);
        inflater = new MessageInflater(components.getInflaterPool(), !agreement.clientNoContextTakeover());
        deflater = new MessageDeflater(components.getDeflaterPool(), !agreement.serverNoContextTakeover());
        negotiate(List.of(), List.of());
    }

    MessageInflater inflater() {
        return inflater;
    }

    MessageDeflater deflater() {
        return deflater;
    }

    @Override
    public boolean isRsv1Used() {
        return true;
    }

    /** Called by Jetty at the end of the connection. */
    @Override
    public void close() {
        inflater.close();
        deflater.close();
        super.close();
    }
}
