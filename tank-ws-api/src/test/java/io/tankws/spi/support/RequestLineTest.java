package io.tankws.spi.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestLineTest {
    /** Returns how many bytes are accepted before the first that is not; -1 if all are. */
    private static int refusedAt(RequestLine line, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < bytes.length; i++) {
            if (!line.accepts(bytes[i])) {
                return i;
            }
        }
        return -1;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1",
                "M-SEARCH * HTTP/1.1",
                "OPTIONS * HTTP/1.0",
                "GET http://localhost:80/a?b HTTP/1.1",
                "CONNECT localhost:443 HTTP/1.1",
                "GET /a:b//c?d=e HTTP/9.9",
                "GET a HTTP/1.1"
            })
    void acceptsARequestLineAndAnyBytesAfterIt(String text) {
        RequestLine line = new RequestLine();
        assertEquals(-1, refusedAt(line, "\r\n" + text + "\r\n"));
        assertTrue(line.isComplete());
        assertEquals(-1, refusedAt(line, "\0\u00ff\n"));
    }

    @ParameterizedTest
    @CsvSource({
        "SSH-2.0,4",
        "SSH_2,3",
        "G ET / HTTP/1.1,5",
        "GET  /,4",
        "GET /a#b,6",
        "GET *a,5",
        "GET http:/a,10",
        "GET http:///a,11",
        "GET http://:80/a,11",
        "GET http://?a,11",
        "'GET http:// ',11",
        "GET / http/1.1,6",
        "'GET / HTTP/1.1 ',14",
        "GET / HTTP/11,12"
    })
    void refusesTheFirstWrongByte(String text, int at) {
        assertEquals(at, refusedAt(new RequestLine(), text));
    }

    @Test
    void boundsEmptyLinesAndTheMethod() {
        assertEquals(-1, refusedAt(new RequestLine(), "\r\n".repeat(RequestLine.MAX_EMPTY_LINES) + "GET "));
        assertEquals(
                2 * RequestLine.MAX_EMPTY_LINES + 1,
                refusedAt(new RequestLine(), "\r\n".repeat(RequestLine.MAX_EMPTY_LINES + 1)));
        assertEquals(-1, refusedAt(new RequestLine(), "A".repeat(RequestLine.MAX_METHOD_LENGTH) + " /"));
        assertEquals(
                RequestLine.MAX_METHOD_LENGTH,
                refusedAt(new RequestLine(), "A".repeat(RequestLine.MAX_METHOD_LENGTH + 1)));
    }

    @Test
    void onlyLettersHyphensAndEmptyLinesBeginALine() {
        for (int first = 0; first < 256; first++) {
            boolean letter = first >= 'A' && first <= 'Z' || first >= 'a' && first <= 'z';
            boolean accepted = new RequestLine().accepts((byte) first);
            assertEquals(letter || first == '-' || first == '\r', accepted, "byte " + first);
        }
    }
}
