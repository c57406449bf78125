package io.tankws.spi.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tankws.Message;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ValidatedTextTest {
    private final ByteBuffer utf8 =
            ByteBuffer.wrap("xGrüße".getBytes(StandardCharsets.UTF_8)).position(1);

    @Test
    void createsTheSameMessageAsWithAValidation() {
        Message.Text message = ValidatedText.of(utf8);
        assertEquals("Grüße", message.text());
        assertEquals(Message.text(utf8).frame().bytes(), message.frame().bytes());
        assertEquals(Optional.empty(), message.topic());
        assertEquals(1, utf8.position());
    }

    @Test
    void createsAMessageOfATopic() {
        assertEquals(Optional.of("t"), ValidatedText.of("t", utf8).topic());
        assertThrows(NullPointerException.class, () -> ValidatedText.of(null, utf8));
    }

    @Test
    void aMessageCannotBeCreatedUncheckedWithoutTheProof() {
        assertThrows(NullPointerException.class, () -> Message.text("t", utf8, null));
    }

    @Test
    void bytesAreNotChecked() {
        ByteBuffer invalid = ByteBuffer.wrap(new byte[] {(byte) 0xFF});
        assertEquals(invalid, ValidatedText.of(invalid).payload());
    }
}
