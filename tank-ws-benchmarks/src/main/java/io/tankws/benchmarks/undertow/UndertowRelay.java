package io.tankws.benchmarks.undertow;

import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.websockets.core.AbstractReceiveListener;
import io.undertow.websockets.core.BufferedTextMessage;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;

/**
 * A relay on Undertow as its documentation shows it, with one {@code sendText} per client. It uses the threads and
 * buffers of Undertow. The queue of a slow client has no limit.
 */
public final class UndertowRelay {
    private UndertowRelay() {}

    /**
     * Runs until the process is stopped.
     *
     * @param arguments the port on 127.0.0.1
     */
    public static void main(String[] arguments) {
        Undertow.builder()
                .addHttpListener(Integer.parseInt(arguments[0]), "127.0.0.1")
                .setHandler(Handlers.path().addExactPath("/ws", Handlers.websocket((exchange, channel) -> {
                    channel.getReceiveSetter().set(new Receiver());
                    channel.resumeReceives();
                })))
                .build()
                .start();
    }

    /** The part that uses Undertow, separate because the outer class also loads without Undertow on the path. */
    private static final class Receiver extends AbstractReceiveListener {
        @Override
        protected void onFullTextMessage(WebSocketChannel sender, BufferedTextMessage message) {
            String text = message.getData();
            for (WebSocketChannel other : sender.getPeerConnections()) {
                if (other != sender) {
                    WebSockets.sendText(text, other, null);
                }
            }
        }
    }
}
