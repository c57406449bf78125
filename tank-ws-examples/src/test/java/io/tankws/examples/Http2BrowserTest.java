package io.tankws.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tankws.CloseStatus;
import io.tankws.Manager;
import io.tankws.core.TankWs;
import io.tankws.testkit.TestKeys;
import io.tankws.transport.jetty.TankWsHandler;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.chrome.ChromeDriver;

/** A real browser and an application's own Jetty server with HTTP/2 over TLS. The test is skipped without Chromium. */
class Http2BrowserTest {
    @TempDir
    private Path directory;

    @RegisterExtension
    private final Chromium chromium = new Chromium();

    private final org.eclipse.jetty.server.Server jetty = new org.eclipse.jetty.server.Server();
    private final Manager tank = TankWs.builder().greeting("").build().start();
    private final BlockingQueue<String> methods = new LinkedBlockingQueue<>();

    @AfterEach
    void stop() throws Exception {
        tank.shutdown(Duration.ZERO);
        jetty.stop();
    }

    private SslContextFactory.Server key() throws IOException, InterruptedException {
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setKeyStorePath(TestKeys.create(directory, "server").toString());
        tls.setKeyStorePassword(TestKeys.PASSWORD);
        return tls;
    }

    private String serve(boolean extendedConnect) throws Exception {
        HttpConfiguration http = new HttpConfiguration();
        http.addCustomizer(new SecureRequestCustomizer(false));
        HTTP2ServerConnectionFactory http2 = new HTTP2ServerConnectionFactory(http);
        http2.setConnectProtocolEnabled(extendedConnect);
        ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory("h2", "http/1.1");
        alpn.setDefaultProtocol("http/1.1");
        ServerConnector connector = new ServerConnector(
                jetty,
                new SslConnectionFactory(key(), alpn.getProtocol()),
                alpn,
                http2,
                new HttpConnectionFactory(http));
        connector.setHost("127.0.0.1");
        jetty.addConnector(connector);
        TankWsHandler webSockets = new TankWsHandler();
        webSockets.handle("/ws", handshake -> {
            methods.add(handshake.request().method());
            tank.handleConnection(handshake);
        });
        webSockets.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/html;charset=utf-8");
                Content.Sink.write(response, true, "<!DOCTYPE html><title>page</title>", callback);
                return true;
            }
        });
        jetty.setHandler(webSockets);
        jetty.start();
        return "https://localhost:" + connector.getLocalPort() + "/";
    }

    @ParameterizedTest
    @CsvSource({"true,CONNECT", "false,GET"})
    @Timeout(300)
    void aPageThatCameOverHttp2Connects(boolean extendedConnect, String method) throws Exception {
        ChromeDriver browser = chromium.browser();
        browser.manage().timeouts().scriptTimeout(Duration.ofSeconds(60));
        browser.get(serve(extendedConnect));
        assertEquals(
                "h2", browser.executeScript("return performance.getEntriesByType('navigation')[0].nextHopProtocol"));
        Object opened = browser.executeAsyncScript("""
                const done = arguments[arguments.length - 1];
                window.heard = [];
                window.ended = new Promise((resolve) => {
                  window.socket = new WebSocket(`wss://${location.host}/ws?user_id=ann`);
                  socket.onopen = () => { socket.send("sub:news"); done("open"); };
                  socket.onmessage = (event) => heard.push(event.data);
                  socket.onerror = () => done("error");
                  socket.onclose = (event) => resolve(`${event.code} ${event.reason} ${event.wasClean}`);
                });""");
        assertEquals("open", opened);
        assertEquals(method, methods.poll(10, TimeUnit.SECONDS));
        Await.until("the subscription", () -> tank.getTopicSubscriberCount("news") == 1);
        String large = "0123456789".repeat(50_000);
        tank.broadcastTopicMessage("news", large);
        tank.broadcastTopicMessage("news", "over");
        tank.closeClient("ann", new CloseStatus(4000, "bye"));
        assertEquals("4000 bye true", browser.executeAsyncScript("window.ended.then(arguments[0])"));
        assertEquals(
                List.of("{\"topic\":\"news\",\"data\":\"" + large + "\"}", "{\"topic\":\"news\",\"data\":\"over\"}"),
                browser.executeScript("return heard"));
    }
}
