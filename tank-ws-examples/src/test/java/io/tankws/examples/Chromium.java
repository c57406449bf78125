package io.tankws.examples;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/** The Chromium of this machine without a window. All tests of a process share it, and each gets an empty tab. */
final class Chromium implements BeforeEachCallback, AfterEachCallback {
    /** Host name that the browser resolves to this machine. */
    static final String FOREIGN_HOST = "evil.example";

    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(Chromium.class);
    private static final Dimension WINDOW = new Dimension(1200, 900);

    private ChromeDriver browser;

    /** Returns the browser, with one empty tab at the start of each test. */
    ChromeDriver browser() {
        return browser;
    }

    /** Starts the browser before its first test. Skips the test if there is no Chromium. */
    @Override
    public void beforeEach(ExtensionContext context) {
        Path chromium = find("Chromium", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome");
        Path driver = find("ChromeDriver", "/usr/bin/chromedriver", "/usr/lib/chromium-browser/chromedriver");
        browser = context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent("shared", key -> new Shared(start(chromium, driver)), Shared.class)
                .browser();
        browser.manage().window().setSize(WINDOW);
    }

    /** Closes the tabs of the test, so that its pages do not run during the next test. */
    @Override
    public void afterEach(ExtensionContext context) {
        Set<String> tabs = browser.getWindowHandles();
        browser.switchTo().newWindow(WindowType.TAB);
        String empty = browser.getWindowHandle();
        for (String tab : tabs) {
            browser.switchTo().window(tab);
            browser.close();
        }
        browser.switchTo().window(empty);
    }

    private static ChromeDriver start(Path chromium, Path driver) {
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
                // The tests of TLS use certificates that no authority has signed.
                "--ignore-certificate-errors",
                "--host-resolver-rules=MAP " + FOREIGN_HOST + " 127.0.0.1");
        return new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(driver.toFile())
                        .build(),
                options);
    }

    private static Path find(String what, String... places) {
        List<Path> found = List.of(places).stream()
                .map(Path::of)
                .filter(Files::isExecutable)
                .toList();
        assumeTrue(!found.isEmpty(), "no " + what + " on this machine, so the page is not tested in a browser");
        return found.get(0);
    }

    /** The browser of this process. JUnit closes it after the last test. */
    private record Shared(ChromeDriver browser) implements AutoCloseable {
        @Override
        public void close() {
            browser.quit();
        }
    }
}
