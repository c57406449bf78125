package io.tankws.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.testkit.FreePort;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;

/** The pages in a real browser: two tabs that send to each other, a publisher outside, and two nodes on one page. */
class BrowserTest {
    private static final Path MODULE = Path.of(System.getProperty("basedir", "."));
    private static final Path SCREENSHOTS = MODULE.resolve("target/screenshots");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long PAUSE_NANOS = 50_000_000;
    private static final Dimension DESKTOP = new Dimension(1200, 900);
    private static final Dimension PHONE = new Dimension(390, 844);
    private static final String WIDER =
            "return document.documentElement.scrollWidth > document.documentElement.clientWidth";
    private static final List<String> PANELS = List.of("one", "other");

    @RegisterExtension
    private final Chromium chromium = new Chromium();

    private static void type(ChromeDriver browser, String field, String text) {
        browser.findElement(By.id(field)).clear();
        browser.findElement(By.id(field)).sendKeys(text);
    }

    private static void await(ChromeDriver browser, String id, String text) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        String seen = "";
        while (System.nanoTime() < deadline) {
            seen = browser.findElement(By.id(id)).getText();
            if (seen.contains(text)) {
                return;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        throw new AssertionError("not in the page's " + id + ": " + text + "; there is: " + seen);
    }

    private static void connect(ChromeDriver browser, Server server, String user) {
        browser.get("http://127.0.0.1:" + server.httpPort() + "/");
        type(browser, "user", user);
        browser.findElement(By.id("connect")).click();
        await(browser, "state", "connected as " + user);
        await(browser, "messages", "Hello, " + user + "!");
    }

    private static void shoot(ChromeDriver browser, Dimension size, String name) throws IOException {
        browser.manage().window().setSize(size);
        Files.createDirectories(SCREENSHOTS);
        Files.write(SCREENSHOTS.resolve(name), browser.getScreenshotAs(OutputType.BYTES));
        assertTrue(Files.size(SCREENSHOTS.resolve(name)) > 0);
    }

    private static int publish(Server server, String topic, String data) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + server.httpPort() + "/publish/" + topic);
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(uri)
                                .POST(HttpRequest.BodyPublishers.ofString(data))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    @Timeout(300)
    void twoTabsAndAPublisherMeetOnThePage() throws Exception {
        ChromeDriver browser = chromium.browser();
        Server server = Server.start("--port", "0", "--http-port", "0");
        try {
            browser.manage().window().setSize(DESKTOP);
            connect(browser, server, "ann");
            String ann = browser.getWindowHandle();
            type(browser, "topic", "news");
            browser.findElement(By.id("subscribe")).click();
            await(browser, "topics", "news");
            await(browser, "events", "subscribe");

            browser.switchTo().newWindow(WindowType.TAB);
            connect(browser, server, "bob");
            type(browser, "relay-text", "hello from bob");
            browser.findElement(By.id("relay-send")).click();
            type(browser, "publish-text", "published on the page");
            browser.findElement(By.id("publish-send")).click();

            browser.switchTo().window(ann);
            await(browser, "messages", "hello from bob");
            await(browser, "messages", "published on the page");
            assertEquals(202, publish(server, "news", "published by HTTP <b>&amp;</b>"));
            await(browser, "messages", "published by HTTP <b>&amp;</b>");
            await(browser, "events", "bob");
            await(browser, "count-clients", "2");
            shoot(browser, DESKTOP, "page.png");
            shoot(browser, PHONE, "phone.png");
            assertEquals(false, browser.executeScript(WIDER), "the page is wider than a phone");

            server.close();
            await(browser, "messages", "Server is shutting down");
            await(browser, "state", "reconnecting");
        } finally {
            server.close();
        }
    }

    private static void publishThere(ChromeDriver browser, String panel, String text) {
        type(browser, panel + "-text", text);
        browser.findElement(By.id(panel + "-send")).click();
        for (String each : PANELS) {
            await(browser, each + "-messages", text);
        }
    }

    private static boolean shows(ChromeDriver browser, String id, String text) {
        return browser.findElement(By.id(id)).getText().contains(text);
    }

    @Test
    @Timeout(300)
    void onePageShowsTwoNodesAndTheOneOrderOfTheirMessages() throws Exception {
        ChromeDriver browser = chromium.browser();
        Redis redis = new Redis();
        Server one = null;
        Server other = null;
        try {
            String otherPort = String.valueOf(FreePort.find());
            one = Server.start(
                    "--port", "0", "--http-port", "0", "--redis", redis.uri(), "--peers", "127.0.0.1:" + otherPort);
            String origin = "http://127.0.0.1:" + one.httpPort();
            other = Server.start("--port", "0", "--http-port", otherPort, "--redis", redis.uri(), "--origins", origin);
            Server publisher = one;
            browser.manage().window().setSize(DESKTOP);
            connect(browser, one, "ann");
            await(browser, "cluster-state", "UP");
            await(browser, "cluster-name", "demo");
            await(browser, "cluster-everywhere", "1");
            type(browser, "topic", "news");
            browser.findElement(By.id("subscribe")).click();
            await(browser, "cluster-topics", "news 1 1");
            shoot(browser, DESKTOP, "cluster.png");

            browser.findElement(By.id("nodes")).click();
            for (String each : PANELS) {
                await(browser, each + "-state", "UP");
                await(browser, each + "-here", "1");
                await(browser, each + "-everywhere", "2");
                await(browser, each + "-topics", "news 1 2");
            }
            Await.until("both hear the topic", () -> {
                publish(publisher, "news", "probe");
                return shows(browser, "one-messages", "probe") && shows(browser, "other-messages", "probe");
            });
            publishThere(browser, "one", "from the first node");
            publishThere(browser, "other", "from the second node");
            browser.findElement(By.id("burst")).click();
            for (String each : PANELS) {
                for (Server server : List.of(one, other)) {
                    await(browser, each + "-messages", "127.0.0.1:" + server.httpPort() + " #10");
                }
            }
            await(browser, "order", "messages reached both nodes in the same order.");
            Object lists = browser.executeScript(
                    "return ['one', 'other'].map((id) => [...document.querySelectorAll('#' + id + '-messages .text')]"
                            + ".slice(0, 22).map((text) => text.textContent).join('\\n'))");
            List<?> both = (List<?>) lists;
            assertEquals(both.get(0), both.get(1));
            assertEquals(22, ((String) both.get(0)).lines().count());
            shoot(browser, DESKTOP, "nodes.png");
            shoot(browser, PHONE, "nodes-phone.png");
            assertEquals(false, browser.executeScript(WIDER), "the page is wider than a phone");

            redis.close();
            await(browser, "one-state", "DOWN");
            await(browser, "other-state", "DOWN");
            type(browser, "one-text", "to no other node");
            browser.findElement(By.id("one-send")).click();
            Await.until(
                    "the reason",
                    () -> !browser.findElement(By.id("one-notice")).getText().isEmpty());
            shoot(browser, DESKTOP, "nodes-down.png");
        } finally {
            for (Server server : new Server[] {one, other}) {
                if (server != null) {
                    server.close();
                }
            }
            redis.close();
        }
    }

    @Test
    @Timeout(300)
    void onePageOpensTwoNodesWithOneToken() throws Exception {
        ChromeDriver browser = chromium.browser();
        String otherPort = String.valueOf(FreePort.find());
        try (Redis redis = new Redis();
                Server one = Server.start(
                        "--port",
                        "0",
                        "--http-port",
                        "0",
                        "--redis",
                        redis.uri(),
                        "--token",
                        "s3cret",
                        "--peers",
                        "127.0.0.1:" + otherPort);
                Server other = Server.start(
                        "--port",
                        "0",
                        "--http-port",
                        otherPort,
                        "--redis",
                        redis.uri(),
                        "--token",
                        "s3cret",
                        "--origins",
                        "http://127.0.0.1:" + one.httpPort())) {
            browser.get("http://127.0.0.1:" + one.httpPort() + "/nodes");
            for (String each : PANELS) {
                await(browser, each + "-detail", "It requires a token.");
            }
            await(browser, "other-address", "127.0.0.1:" + other.httpPort());
            type(browser, "token", "s3cret");
            for (String each : PANELS) {
                await(browser, each + "-state", "UP");
                await(browser, each + "-here", "1");
                await(browser, each + "-messages", "Hello, " + each);
            }
        }
    }

    private static Object asPage(ChromeDriver browser, String script) {
        return browser.executeAsyncScript("const done = arguments[arguments.length - 1];" + script);
    }

    /** A page of another site whose name then resolves to this machine, which makes it same-origin. */
    @Test
    @Timeout(300)
    void aReboundPageNeitherReadsNorPostsNorConnects() throws Exception {
        ChromeDriver browser = chromium.browser();
        try (Server server = Server.start("--port", "0", "--http-port", "0")) {
            assertEquals("202 sent 200 open", attack(browser, "http://127.0.0.1:" + server.httpPort(), server));
            String evil = "http://" + Chromium.FOREIGN_HOST + ":" + server.httpPort();
            browser.get(evil + "/");
            assertTrue(browser.getPageSource().contains("--hosts NAME"), browser.getPageSource());
            assertEquals("421 not sent 421 closed", attack(browser, evil, server));
            assertEquals(1, server.manager().statistics().connectionsOpened());
        }
    }

    private static Object attack(ChromeDriver browser, String site, Server server) {
        browser.get(site + "/other");
        return asPage(browser, """
                (async () => {
                  const post = await fetch("/publish/news", {method: "POST", body: "x"});
                  const sent = (await post.text()).trim() === "sent" ? "sent" : "not sent";
                  const events = await fetch("/events");
                  const socket = await new Promise((resolve) => {
                    const each = new WebSocket(`ws://${location.hostname}:PORT/ws`);
                    each.onopen = () => { each.close(); resolve("open"); };
                    each.onerror = () => resolve("closed");
                  });
                  done(`${post.status} ${sent} ${events.status} ${socket}`);
                })();""".replace("PORT", String.valueOf(server.port())));
    }

    /** The response of a node cannot choose another host for the token, and a link cannot choose a node. */
    @Test
    @Timeout(300)
    void aLinkCannotSendTheTokenElsewhere() throws Exception {
        ChromeDriver browser = chromium.browser();
        try (ServerSocket stranger = new ServerSocket(0);
                Server server = Server.start("--port", "0", "--http-port", "0", "--token", "s3cret")) {
            stranger.setSoTimeout(1);
            String elsewhere = "127.0.0.1:" + stranger.getLocalPort();
            browser.get("http://127.0.0.1:" + server.httpPort() + "/nodes?peer=" + elsewhere + "&peers=" + elsewhere
                    + "#peer=" + elsewhere);
            await(browser, "one-detail", "It requires a token.");
            type(browser, "token", "s3cret");
            await(browser, "one-state", "in no cluster");
            assertTrue(browser.findElements(By.cssSelector("#peer option")).isEmpty());
            assertThrows(SocketTimeoutException.class, stranger::accept);
        }
    }
}
