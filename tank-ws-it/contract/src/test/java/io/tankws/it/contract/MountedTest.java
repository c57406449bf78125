package io.tankws.it.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tankws.CloseStatus;
import io.tankws.Manager;
import io.tankws.core.TankWs;
import io.tankws.testkit.Await;
import io.tankws.transport.jetty.TankWsHandler;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;

/** A manager on a Jetty server that belongs to the application, within a context and before another handler. */
class MountedTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static final class Hello extends Handler.Abstract {
        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            Content.Sink.write(response, true, "hello from " + Request.getPathInContext(request), callback);
            return true;
        }
    }

    @Test
    void sharesTheApplicationsServer() throws Exception {
        Server jetty = new Server(0);
        Manager tank = TankWs.builder().greeting("").build().start();
        TankWsHandler mounted = new TankWsHandler();
        mounted.handle("/ws", tank::handleConnection);
        mounted.setHandler(new Hello());
        jetty.setHandler(new ContextHandler(mounted, "/app"));
        jetty.start();
        try {
            String authority = "127.0.0.1:" + ((ServerConnector) jetty.getConnectors()[0]).getLocalPort();
            assertEquals(
                    "hello from /other",
                    get("http://" + authority + "/app/other").body());
            assertEquals(426, get("http://" + authority + "/app/ws").statusCode());

            BlockingQueue<String> texts = new LinkedBlockingQueue<>();
            HTTP.newWebSocketBuilder()
                    .buildAsync(URI.create("ws://" + authority + "/app/ws?user_id=ann"), new WebSocket.Listener() {
                        @Override
                        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
                            texts.add(data.toString());
                            from.request(1);
                            return null;
                        }

                        @Override
                        public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
                            texts.add("closed " + code);
                            return null;
                        }
                    })
                    .get(10, TimeUnit.SECONDS)
                    .sendText("sub:news", true);
            Await.until("the subscription", () -> tank.getTopicSubscriberCount("news") == 1);
            tank.broadcastTopicMessage("news", "mounted");
            assertEquals("{\"topic\":\"news\",\"data\":\"mounted\"}", texts.poll(10, TimeUnit.SECONDS));
            tank.closeClient("ann", new CloseStatus(4000, "bye"));
            assertEquals("closed 4000", texts.poll(10, TimeUnit.SECONDS));
        } finally {
            tank.close();
            jetty.stop();
        }
    }

    private static HttpResponse<String> get(String uri) throws Exception {
        return HTTP.send(HttpRequest.newBuilder(URI.create(uri)).build(), HttpResponse.BodyHandlers.ofString());
    }
}
