package io.tankws.it.contract;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.eclipse.jetty.http.HostPortHttpField;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpScheme;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.util.HostPort;

/**
 * A request head of HTTP/1.1 and its translation to HTTP/2.
 *
 * @param metaData the request to the server
 * @param isWebSocket whether it is an extended CONNECT
 * @param key the client's {@code Sec-WebSocket-Key}, which HTTP/2 does not have
 * @param refusal the status with which the gateway answers, or 0 if it asks the server
 */
record GatewayRequest(MetaData.Request metaData, boolean isWebSocket, String key, int refusal) {
    /** Headers of one hop (RFC 9113 section 8.2.2) or of the HTTP/1.1 handshake. */
    private static final List<String> OF_ONE_HOP = List.of("host", "upgrade", "connection", "sec-websocket-key");

    static GatewayRequest read(InputStream in) throws IOException {
        String[] lines = readHead(in).split("\r\n");
        String[] first = lines[0].split(" ");
        HttpFields.Mutable all = HttpFields.build();
        HttpFields.Mutable forwarded = HttpFields.build();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            String name = lines[i].substring(0, colon).toLowerCase(Locale.ROOT);
            String value = lines[i].substring(colon + 1).strip();
            all.add(name, value);
            if (!OF_ONE_HOP.contains(name)) {
                forwarded.add(name, value);
            }
        }
        boolean upgrade = all.contains("Upgrade", "websocket");
        String key = String.valueOf(all.get("Sec-WebSocket-Key"));
        if (upgrade && !first[0].equals("GET")) {
            return refused(405);
        }
        // The authority of a target in absolute form overrides Host (RFC 9112 section 3.2.2).
        String[] absolute = first[1].split("://|(?=/)", 3);
        boolean isAbsolute = !first[1].startsWith("/") && absolute.length == 3;
        String authority = isAbsolute ? absolute[1] : String.valueOf(all.get("Host"));
        String path = isAbsolute ? absolute[2] : first[1];
        try {
            // A gateway does not correct a host.
            if (upgrade
                    && !(isSound(all, key) && new HostPort(authority).toString().equals(authority))) {
                return refused(400);
            }
            HostPortHttpField host = new HostPortHttpField(authority);
            MetaData.Request metaData = upgrade
                    ? new MetaData.ConnectRequest(HttpScheme.HTTP, host, path, forwarded, "websocket")
                    : new MetaData.Request(
                            first[0], HttpURI.from("http://" + authority + path), HttpVersion.HTTP_2, forwarded);
            return new GatewayRequest(metaData, upgrade, key, 0);
        } catch (IllegalArgumentException | HttpException.RuntimeException e) {
            return refused(400);
        }
    }

    private static GatewayRequest refused(int status) {
        return new GatewayRequest(null, false, "", status);
    }

    private static boolean isSound(HttpFields fields, String key) {
        return fields.contains("Connection", "Upgrade")
                && fields.getValuesList("Host").size() == 1
                && Base64.getDecoder().decode(key).length == 16;
    }

    private static String readHead(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int matched = 0;
        while (matched < 4) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException("no request");
            }
            head.write(b);
            matched = b == "\r\n\r\n".charAt(matched) ? matched + 1 : b == '\r' ? 1 : 0;
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }
}
