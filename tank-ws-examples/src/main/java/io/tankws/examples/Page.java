package io.tankws.examples;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;

/** The page: one file without other assets, and the policy that lets nothing else in. */
final class Page {
    private static final int NONCE_BYTES = 18;

    private final SecureRandom random = new SecureRandom();
    private final String template;

    /** A page for one response. */
    record Rendered(String html, Map<String, String> headers) {}

    Page(int webSocketPort, String path) {
        try (InputStream in = Page.class.getResourceAsStream("page.html")) {
            template = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("{{port}}", String.valueOf(webSocketPort))
                    .replace("{{path}}", path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Rendered render() {
        byte[] bytes = new byte[NONCE_BYTES];
        random.nextBytes(bytes);
        String nonce = Base64.getEncoder().encodeToString(bytes);
        String policy = "default-src 'none'; style-src 'nonce-" + nonce + "'; script-src 'nonce-" + nonce
                + "'; connect-src 'self' ws: wss:; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        return new Rendered(
                template.replace("{{nonce}}", nonce),
                Map.of("Content-Security-Policy", policy, "Referrer-Policy", "no-referrer"));
    }
}
