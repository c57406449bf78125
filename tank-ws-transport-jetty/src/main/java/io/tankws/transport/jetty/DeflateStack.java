package io.tankws.transport.jetty;

import java.util.List;
import org.eclipse.jetty.websocket.core.Behavior;
import org.eclipse.jetty.websocket.core.ExtensionStack;
import org.eclipse.jetty.websocket.core.WebSocketComponents;

/**
 * The extension stack of a compressed connection, which allows the RSV1 bit. Jetty's own extension loses the messages
 * after a final block, so this stack passes frames on unchanged, and {@link MessageInflater} and
 * {@link MessageDeflater} convert them.
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

    /** Releases inflater and deflater. Jetty calls this at the end of the connection. */
    @Override
    public void close() {
        inflater.close();
        deflater.close();
        super.close();
    }
}
