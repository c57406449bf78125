package io.tankws.transport.javawebsocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tankws.HandshakeRequest;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** Any bytes as a request head give a request whose parts can be read, or a refusal, and no exception. */
class RequestHeadFuzzTest {
    private static final int LIMIT = 1024;
    private static final InetSocketAddress PEER = InetSocketAddress.createUnresolved("192.0.2.1", 1);

    @FuzzTest(maxDuration = "2m")
    void isARequestOrRefused(byte[] bytes) {
        try {
            RequestHeadBuffer whole = new RequestHeadBuffer(LIMIT);
            boolean complete = whole.collect(ByteBuffer.wrap(bytes));
            assertTrue(complete || bytes.length <= LIMIT);
            if (complete) {
                HandshakeRequest request = RequestHead.parse(whole.text(), PEER);
                readAll(request);
                assertEquals(whole.text(), inPieces(bytes));
            }
        } catch (RequestException refused) {
            int status = refused.refusal().status();
            assertTrue(status == 400 || status == 431 || status == 505, () -> "refused with " + status);
        }
    }

    private static void readAll(HandshakeRequest request) {
        assertTrue(request.path().length() <= LIMIT);
        request.queryParameters()
                .forEach((name, values) ->
                        assertTrue(request.queryParameter(name).orElseThrow().equals(values.get(0))));
        request.cookie("a");
        request.basicCredentials();
        request.offeredSubprotocols();
        request.violation();
        RequestHead.hasBody(request);
        assertTrue(request.toString().indexOf('\n') < 0);
    }

    private static String inPieces(byte[] bytes) throws RequestException {
        RequestHeadBuffer pieces = new RequestHeadBuffer(LIMIT);
        for (int at = 0; !pieces.collect(ByteBuffer.wrap(bytes, at, 1)); at++) {}
        return pieces.text();
    }
}
