package io.tankws.it.compat;

import io.tankws.CloseStatus;
import io.tankws.WebSocketServer;
import io.tankws.testkit.TestClient;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A client of the Centrifuge protocol that sends and expects exact frames. */
final class CentrifugePeer implements AutoCloseable {
    static final String PATH = "/connection/websocket";

    private static final Pattern CLIENT = Pattern.compile("\"client\":\"([^\"]+)\"");

    private final TestClient client;
    private String id = "";

    private CentrifugePeer(TestClient client) {
        this.client = client;
    }

    /** Opens a connection that is not connected yet. */
    static CentrifugePeer open(WebSocketServer server) {
        return new CentrifugePeer(TestClient.connect(server, PATH));
    }

    /** Opens a connection of a Protobuf client. */
    static CentrifugePeer openProtobuf(WebSocketServer server) {
        return new CentrifugePeer(TestClient.to(server, PATH)
                .header("Sec-WebSocket-Protocol", "centrifuge-protobuf")
                .connect());
    }

    /** Opens a connection and connects a user. */
    static CentrifugePeer connect(WebSocketServer server, String token) {
        CentrifugePeer peer = open(server);
        peer.send("{\"connect\":{\"token\":\"" + token + "\"},\"id\":1}");
        peer.awaitConnected();
        return peer;
    }

    /** Waits for the reply to a connect request and takes the client id from it. */
    String awaitConnected() {
        String reply = client.awaitText();
        Matcher matcher = CLIENT.matcher(reply);
        if (!matcher.find()) {
            throw new AssertionError("no client id in " + reply);
        }
        id = matcher.group(1);
        return reply;
    }

    /** Returns the client id of the connect reply. */
    String id() {
        return id;
    }

    TestClient wire() {
        return client;
    }

    void send(String... commands) {
        client.sendText(String.join("\n", commands));
    }

    void sendHex(String bytes) {
        client.sendBinary(HexFormat.ofDelimiter(" ").parseHex(bytes));
    }

    String await() {
        return client.awaitText();
    }

    void await(String... replies) {
        for (String reply : replies) {
            client.awaitText(reply);
        }
    }

    String awaitHex() {
        return HexFormat.ofDelimiter(" ").formatHex(client.awaitBinary());
    }

    /** Subscribes to a topic without a position, and returns the epoch of its history. */
    String subscribe(int command, String topic) {
        send("{\"subscribe\":{\"channel\":\"" + topic + "\"},\"id\":" + command + "}");
        return epochOf(await());
    }

    static String epochOf(String reply) {
        Matcher matcher = Pattern.compile("\"epoch\":\"([^\"]+)\"").matcher(reply);
        return matcher.find() ? matcher.group(1) : "";
    }

    CloseStatus awaitClose() {
        return client.awaitClose();
    }

    @Override
    public void close() {
        client.close();
    }
}
