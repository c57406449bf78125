package io.tankws.examples;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An HTML page in one file, with a content security policy that allows no other source. */
final class PageHandler {
    private static final int NONCE_BYTES = 18;
    private static final Pattern PEER = Pattern.compile("([A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}])(:\\d{1,5})?");

    private final SecureRandom random = new SecureRandom();
    private final String template;
    private final int webSocketPort;
    private final List<String> peers;

    /** The ports of this node, and the path of its WebSocket. */
    record Place(int httpPort, int webSocketPort, String path) {}

    /** The body and the headers of one response. */
    record Rendered(String html, Map<String, String> headers) {}

    /**
     * Reads a page.
     *
     * @param peers the HTTP addresses of the other nodes that the page may connect to; see {@link #isPeer}
     */
    PageHandler(String file, Place place, List<String> peers) {
        this.webSocketPort = place.webSocketPort();
        this.peers = peers;
        template = read(file)
                .replace("{{style}}", read("page.css"))
                .replace("{{script}}", read("page.js"))
                .replace("{{http-port}}", String.valueOf(place.httpPort()))
                .replace("{{port}}", String.valueOf(webSocketPort))
                .replace("{{path}}", place.path())
                .replace("{{peers}}", String.join(" ", peers));
    }

    private static String read(String file) {
        try (InputStream in = PageHandler.class.getResourceAsStream(file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns whether a text is a host with or without a port, which needs no escape in a page and its policy. */
    static boolean isPeer(String text) {
        return PEER.matcher(text).matches();
    }

    /**
     * Renders the page for one response.
     *
     * @param host the host that the browser asked for
     * @param secure whether the browser asked over TLS
     */
    Rendered render(String host, boolean secure) {
        byte[] bytes = new byte[NONCE_BYTES];
        random.nextBytes(bytes);
        String nonce = Base64.getEncoder().encodeToString(bytes);
        String policy = "default-src 'none'; style-src 'nonce-" + nonce + "'; script-src 'nonce-" + nonce
                + "'; connect-src 'self' " + (secure && isPeer(host) ? "wss://" + host + " " : "") + sources(host)
                + "; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        return new Rendered(
                template.replace("{{nonce}}", nonce),
                Map.of("Content-Security-Policy", policy, "Cross-Origin-Opener-Policy", "same-origin"));
    }

    /** Returns the addresses of this node and of its peers. The page learns the WebSocket ports of peers later. */
    private String sources(String host) {
        StringBuilder sources = new StringBuilder("ws://" + nameOf(host) + ":" + webSocketPort);
        for (String peer : peers) {
            sources.append(" http://")
                    .append(peer)
                    .append(" ws://")
                    .append(nameOf(peer))
                    .append(":*");
        }
        return sources.toString();
    }

    /**
     * Returns the host. A policy cannot hold an IPv6 address, so a wildcard stands for one, and only the port is
     * compared.
     */
    private static String nameOf(String hostAndPort) {
        Matcher parts = PEER.matcher(hostAndPort);
        return parts.matches() && !hostAndPort.startsWith("[") ? parts.group(1) : "*";
    }
}
