package io.tankws.backplane.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorMaskTest {
    /** Replies without an error, among them messages that contain the text of an error. */
    private static final String HARMLESS = ">3\r\n$7\r\nmessage\r\n$1\r\nb\r\n$14\r\n-ERR s3cret \r\n\r\n"
            + "+OK\r\n:1\r\n*2\r\n$-1\r\n$0\r\n\r\n%1\r\n+key\r\n=7\r\ntxt:abc\r\n_\r\n#t\r\n,1.5\r\n*-1\r\n";

    private static String mask(String text, Random random) {
        ErrorMask mask = new ErrorMask();
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        StringBuilder masked = new StringBuilder();
        int from = 0;
        while (from < bytes.length) {
            int length = Math.min(bytes.length - from, 1 + random.nextInt(bytes.length));
            ByteBuf part = Unpooled.copiedBuffer(bytes, from, length);
            mask.mask(part);
            masked.append(part.toString(StandardCharsets.ISO_8859_1));
            from += length;
        }
        return masked.toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ERR unknown command 'AUTH', with args beginning with: 's3cret' | ERR unknown command",
                "WRONGPASS invalid username-password pair s3cret | WRONGPASS",
                "MOVED 1234 s3cret:6379 | MOVED",
                "s3cret | ''",
                "S3CRET is wrong | ''",
                "ERRs3cret | ERR",
                "ERR max number of clients reached s3cret | ERR max number of clients reached",
                "NOAUTHs3cret | NOAUTH"
            })
    void keepsTheWordsThatItKnowsAlone(String error, String kept) {
        Random random = new Random(1);
        String bulk = "!" + error.length() + "\r\n" + error + "\r\n";
        for (int i = 0; i < 200; i++) {
            String text = HARMLESS + "-" + error + "\r\n" + HARMLESS + "*2\r\n" + bulk + ":1\r\n" + HARMLESS;
            String expected = HARMLESS + "-" + blank(kept, error) + "\r\n" + HARMLESS + "*2\r\n!" + error.length()
                    + "\r\n" + blank(kept, error) + "\r\n:1\r\n" + HARMLESS;
            assertEquals(expected, mask(text, random));
        }
    }

    private static String blank(String kept, String error) {
        // A blank of the text and a blank that replaces a character look the same.
        return kept + " ".repeat(error.length() - kept.length());
    }

    /** Lines of another protocol are blanked too. */
    @Test
    void blanksLinesOutsideTheProtocol() {
        String masked = mask("HTTP/1.1 400 s3cret\r\nServer: s3cret\r\n\r\n", new Random(1));
        assertFalse(masked.contains("s3cret"), masked);
    }
}
