package io.tankws.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/** The page in a real browser: two tabs that talk to each other, and a publisher outside. */
class BrowserTest {
    private static final Path MODULE = Path.of(System.getProperty("basedir", "."));
    private static final Path SCREENSHOTS = MODULE.resolve("target/screenshots");
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Dimension DESKTOP = new Dimension(1200, 900);
    private static final Dimension PHONE = new Dimension(390, 844);

    @TempDir
    private Path profile;

    private static Path find(String what, String... places) {
        List<Path> found = List.of(places).stream()
                .map(Path::of)
                .filter(Files::isExecutable)
                .toList();
        assumeTrue(!found.isEmpty(), "no " + what + " on this machine, so the page is not tested in a browser");
        return found.get(0);
    }

    private ChromeDriver browser() {
        Path chromium = find("Chromium", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome");
        Path driver = find("ChromeDriver", "/usr/bin/chromedriver", "/usr/lib/chromium-browser/chromedriver");
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium.toFile());
        options.addArguments(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-dev-shm-usage",
                "--user-data-dir=" + profile);
        return new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(driver.toFile())
                        .build(),
                options);
    }

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
    @Timeout(120)
    void twoTabsAndAPublisherMeetOnThePage() throws Exception {
        ChromeDriver browser = browser();
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
            Object overflow = browser.executeScript(
                    "return document.documentElement.scrollWidth > document.documentElement.clientWidth");
            assertEquals(false, overflow, "the page is wider than a phone");

            server.close();
            await(browser, "messages", "Server is shutting down");
            await(browser, "state", "trying again");
        } finally {
            server.close();
            browser.quit();
        }
    }
}
