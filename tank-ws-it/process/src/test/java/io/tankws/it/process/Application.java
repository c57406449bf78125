package io.tankws.it.process;

import io.tankws.ClusterConfig;
import io.tankws.ClusterHealth;
import io.tankws.Manager;
import io.tankws.ManagerLimits;
import io.tankws.Message;
import io.tankws.OriginRule;
import io.tankws.Tls;
import io.tankws.Upgrader;
import io.tankws.WebSocketServer;
import io.tankws.core.TankWs;
import io.tankws.testkit.Await;
import io.tankws.testkit.Fault;
import io.tankws.testkit.FaultProxy;
import io.tankws.testkit.RecordingSubscriber;
import io.tankws.testkit.SecureServer;
import io.tankws.testkit.TestClient;
import io.tankws.transport.jetty.TankWsHandler;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** An application that uses most of the library and ends all of it. */
public final class Application {
    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final Duration END = Duration.ofSeconds(2);

    private Application() {}

    /**
     * Runs the application once.
     *
     * @param arguments a class path, a way, and its argument
     */
    public static void live(String[] arguments) throws Exception {
        switch (arguments[1]) {
            case "leak" -> new CompletableFuture<String>().orTimeout(1, TimeUnit.MILLISECONDS);
            case "tls" -> secure(Path.of(arguments[2]));
            case "proxy" -> cutProxy();
            case "cluster" -> join(arguments[2]);
            case "mounted" -> mount();
            default -> use(arguments[1], null, null);
        }
    }

    private static Manager manager(CountDownLatch blocked) {
        return TankWs.builder()
                .greeting("")
                // On a JVM with virtual threads, the second task of a kind runs on one.
                .limits(ManagerLimits.builder().callbackThreads(1).build())
                .upgrader(Upgrader.defaults()
                        .withOriginRule(OriginRule.anyOrigin())
                        .withCompression(true))
                .messageHandler((client, message) -> {
                    if (message instanceof Message.Text text && text.text().equals("block")) {
                        blocked.countDown();
                        new CountDownLatch(1).await();
                    }
                })
                .build();
    }

    private static void use(String transport, Tls tls, SSLContext clientContext) {
        CountDownLatch blocked = new CountDownLatch(1);
        Manager manager = manager(blocked).start();
        manager.enableHeartbeat(Duration.ofMillis(50), Duration.ofSeconds(20));
        RecordingSubscriber.of(manager.connectionEvents());
        RecordingSubscriber.of(manager.errors());
        WebSocketServer.Builder builder = TankWs.serve(transport).port(0).handle("/ws", manager);
        WebSocketServer started = (tls == null ? builder : builder.tls(tls)).start();
        manager.setServer(started);
        WebSocketServer server = clientContext == null ? started : new SecureServer(started, clientContext);
        try (TestClient ann = TestClient.connect(server, "/ws?user_id=ann");
                TestClient bob = TestClient.to(server, "/ws?user_id=bob")
                        .header("Sec-WebSocket-Extensions", "permessage-deflate")
                        .connect()) {
            ann.sendText("sub:news");
            Await.until("the subscription", () -> manager.getTopicSubscriberCount("news") == 1);
            manager.broadcastTopicMessage("news", "one");
            ann.awaitText();
            ann.sendText("block");
            bob.sendText("block");
            Await.until("a blocked handler", () -> blocked.getCount() == 0);
            manager.statistics();
            manager.shutdown(END);
        }
    }

    private static void secure(Path keyStore) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keyStore)) {
            store.load(in, PASSWORD);
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        use("jetty", Tls.of(keyStore, PASSWORD), context);
    }

    private static void mount() throws Exception {
        Manager manager = manager(new CountDownLatch(1)).start();
        Server jetty = new Server(0);
        TankWsHandler mounted = new TankWsHandler();
        mounted.handle("/ws", manager::handleConnection);
        jetty.setHandler(mounted);
        jetty.start();
        int port = ((ServerConnector) jetty.getConnectors()[0]).getLocalPort();
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream()
                    .write(("GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                                    + "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                                    + "Sec-WebSocket-Version: 13\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            Await.until("a client", () -> !manager.clients().isEmpty());
            manager.shutdown(END);
            jetty.stop();
        }
    }

    private static void join(String uri) throws Exception {
        ClusterConfig cluster = ClusterConfig.of("test", uri);
        try (Manager one = manager(new CountDownLatch(1)).start();
                Manager other = TankWs.builder().cluster(cluster).build().start();
                Manager third = TankWs.builder().cluster(cluster).build().start();
                WebSocketServer server = TankWs.serve("java-websocket")
                        .port(0)
                        .handle("/ws", third)
                        .start();
                TestClient ann = TestClient.connect(server, "/ws?user_id=ann")) {
            RecordingSubscriber.of(one.errors());
            ann.awaitText();
            ann.sendText("sub:news");
            Await.until("the subscription", () -> third.getTopicSubscriberCount("news") == 1);
            Await.until("the connections", () -> isUp(other) && isUp(third));
            // Asks all nodes and waits for a bounded time.
            third.cluster().clientCount().toCompletableFuture().get(10, TimeUnit.SECONDS);
            other.broadcastTopicMessage("news", "one").toCompletableFuture().get(10, TimeUnit.SECONDS);
            third.broadcastTopicMessage("news", "two").toCompletableFuture().get(10, TimeUnit.SECONDS);
            third.shutdown(END);
            other.shutdown(END);
        }
    }

    private static boolean isUp(Manager node) {
        return node.cluster().health().status() == ClusterHealth.Status.UP;
    }

    private static void cutProxy() throws Exception {
        try (ServerSocket target = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                FaultProxy proxy =
                        new FaultProxy(new InetSocketAddress(InetAddress.getLoopbackAddress(), target.getLocalPort()));
                Socket client = new Socket()) {
            proxy.upstream(Fault.after(1, Fault.End.CLOSE));
            client.connect(proxy.address());
            client.getOutputStream().write(new byte[10]);
            Await.until("the cut", () -> read(client) < 0);
        }
    }

    private static int read(Socket socket) {
        try {
            return socket.getInputStream().read();
        } catch (IOException e) {
            return -1;
        }
    }
}
