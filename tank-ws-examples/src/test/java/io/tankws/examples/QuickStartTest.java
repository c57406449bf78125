package io.tankws.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.testkit.FreePort;
import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;

/** A new user copies server and page from the README, and they work together. Only the ports differ here. */
class QuickStartTest {
    private static final String PAGE_ORIGIN = "http://localhost:3000";
    private static final String PUBLISHER = """
                    System.out.println("listening");
                    new java.util.Scanner(System.in).forEachRemaining(word -> tank.broadcastTopicMessage("news", word));
            """;

    @TempDir
    private Path directory;

    @RegisterExtension
    private final Chromium chromium = new Chromium();

    private Process process;

    @AfterEach
    void kill() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    /** Runs the README's server as a program of one file, which then publishes each word of its standard input. */
    private void startServer(int port, String pageOrigin) throws IOException {
        String server = Document.readme().code("Chat");
        assertTrue(server.contains("\"" + PAGE_ORIGIN + "\"") && server.contains("port(8080)"), server);
        String end = "    }\n}\n";
        assertTrue(server.endsWith(end), server);
        Path file = directory.resolve("Chat.java");
        Files.writeString(
                file,
                server.replace(PAGE_ORIGIN, pageOrigin)
                        .replace("8080", String.valueOf(port))
                        .replace(end, PUBLISHER + end));
        String path = Stream.of(System.getProperty("jdk.module.path", ""), System.getProperty("java.class.path", ""))
                .filter(each -> !each.isEmpty())
                .reduce((one, other) -> one + File.pathSeparator + other)
                .orElseThrow();
        String java = ProcessHandle.current().info().command().orElseThrow();
        process = new ProcessBuilder(java, "-XX:TieredStopAtLevel=1", "-cp", path, file.toString())
                .redirectError(directory.resolve("errors").toFile())
                .start();
    }

    private String errors() {
        try {
            return Files.readString(directory.resolve("errors"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static void awaitShown(ChromeDriver browser, String text) throws Exception {
        Await.until(
                "on the page: " + text,
                () -> browser.findElement(By.tagName("body")).getText().contains(text));
    }

    private void publish(String word) {
        try {
            Writer input = process.outputWriter();
            input.write(word + "\n");
            input.flush();
        } catch (IOException e) {
            throw new AssertionError("the server reads no input", e);
        }
    }

    @Test
    @Timeout(400)
    void serverAndPageOfTheReadmeWorkTogether() throws Exception {
        int port = FreePort.find();
        ChromeDriver browser = chromium.browser();
        try (PageServer pages = new PageServer();
                PageServer strangers = new PageServer()) {
            String page = Document.readme().code("Page");
            assertTrue(page.contains("ws://localhost:8080/ws"), page);
            page = page.replace("8080", String.valueOf(port));
            pages.page(page);
            strangers.page(page);
            startServer(port, pages.origin());
            assertEquals("listening", process.inputReader().readLine(), this::errors);

            browser.get(pages.origin());
            awaitShown(browser, "Hello, ");
            String first = browser.getWindowHandle();
            browser.switchTo().newWindow(WindowType.TAB);
            browser.get(pages.origin());
            awaitShown(browser, "Hello, ");
            browser.findElement(By.tagName("input")).sendKeys("hello from the second", Keys.ENTER);
            browser.switchTo().window(first);
            awaitShown(browser, "hello from the second");
            Await.until("the published word", () -> {
                publish("published");
                return browser.findElement(By.tagName("body"))
                        .getText()
                        .contains("{\"topic\":\"news\",\"data\":\"published\"}");
            });

            browser.switchTo().newWindow(WindowType.TAB);
            browser.get(strangers.origin());
            awaitShown(browser, "closed: 1006");

            browser.switchTo().window(first);
            process.destroy();
            awaitShown(browser, "Server is shutting down");
            awaitShown(browser, "closed: 1001");
            assertTrue(process.waitFor(120, TimeUnit.SECONDS), "the server does not end");
            assertEquals(143, process.exitValue(), this::errors);
        }
    }
}
