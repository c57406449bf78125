package io.tankws.examples;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Pattern;

/** A page: one file without other assets, and the policy that lets nothing else in. */
final class Page {
    private static final int NONCE_BYTES = 18;
    private static final Pattern PEER = Pattern.compile("([A-Za-z0-9.-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}])(:\\d{1,5})?");

    private final SecureRandom random = new SecureRandom();
    private final String template;

    /** A page for one response. */
    record Rendered(String html, Map<String, String> headers) {}

    Page(String file, int webSocketPort, String path) {
        template = read(file)
                .replace("{{style}}", read("page.css"))
                .replace("{{script}}", read("page.js"))
                .replace("{{port}}", String.valueOf(webSocketPort))
                .replace("{{path}}", path);
    }

    private static String read(String file) {
        try (InputStream in = Page.class.getResourceAsStream(file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether it is a host with or without a port, and so can be written into a page and its policy as it is. */
    static boolean isPeer(String text) {
        return PEER.matcher(text).matches();
    }

    /** Renders it with another node that it may speak to, or with none if that is empty. */
    Rendered render(String peer) {
        byte[] bytes = new byte[NONCE_BYTES];
        random.nextBytes(bytes);
        String nonce = Base64.getEncoder().encodeToString(bytes);
        String policy = "default-src 'none'; style-src 'nonce-" + nonce + "'; script-src 'nonce-" + nonce
                + "'; connect-src 'self'" + (peer.isEmpty() ? "" : " http://" + peer)
                + " ws: wss:; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        return new Rendered(
                template.replace("{{nonce}}", nonce).replace("{{peer}}", peer),
                Map.of("Content-Security-Policy", policy, "Referrer-Policy", "no-referrer"));
    }
}
