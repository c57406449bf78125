package io.tankws.transport.javawebsocket;

import io.tankws.CloseStatus;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The simplest decoder of frames (RFC 6455 section 5) for bytes that are all available. Shares no code with the real
 * reader.
 */
final class PlainDecoder {
    private final List<String> events = new ArrayList<>();
    private final ByteBuffer in;
    private final int maxBytes;
    private final int maxFragments;
    /** {@code null} between messages. */
    private ByteArrayOutputStream message;

    private boolean text;
    private int fragments;

    private PlainDecoder(byte[] bytes, int maxBytes, int maxFragments) {
        in = ByteBuffer.wrap(bytes);
        this.maxBytes = maxBytes;
        this.maxFragments = maxFragments;
    }

    /** Describes the frames up to the first violation or close frame. */
    static List<String> decode(byte[] bytes, int maxBytes, int maxFragments) {
        PlainDecoder decoder = new PlainDecoder(bytes, maxBytes, maxFragments);
        String end = "";
        while (end.isEmpty()) {
            end = decoder.frame();
        }
        if (!end.equals("more")) {
            decoder.events.add(end);
        }
        return decoder.events;
    }

    /** Returns the end, {@code more} if bytes are missing, or nothing if it continues. */
    private String frame() {
        if (in.remaining() < 2) {
            return "more";
        }
        int first = in.get() & 0xFF;
        int second = in.get() & 0xFF;
        int opcode = first & 0xF;
        boolean control = opcode >= 8;
        boolean known = opcode <= 2 || opcode >= 8 && opcode <= 10;
        boolean fin = first >= 0x80;
        if ((first & 0x70) != 0 || !known || second < 0x80 || control && (!fin || second > 0x80 + 125)) {
            return "breach 1002";
        }
        long length = second & 0x7F;
        if (length >= 126) {
            int size = length == 126 ? 2 : 8;
            if (in.remaining() < size) {
                return "more";
            }
            length = size == 2 ? in.getShort() & 0xFFFF : in.getLong();
            if (length < (size == 2 ? 126 : 65536)) {
                return "breach 1002";
            }
        }
        if (!control) {
            String breach = begin(opcode, length);
            if (!breach.isEmpty()) {
                return breach;
            }
        }
        if (in.remaining() < 4) {
            return "more";
        }
        byte[] mask = new byte[4];
        in.get(mask);
        byte[] payload = new byte[(int) Math.min(length, in.remaining())];
        in.get(payload);
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= mask[i % 4];
        }
        boolean whole = payload.length == length;
        return control ? whole ? control(opcode, payload) : "more" : data(payload, whole, fin);
    }

    private String begin(int opcode, long length) {
        if ((opcode == 0) != (message != null)) {
            return "breach 1002";
        }
        if (message == null) {
            message = new ByteArrayOutputStream();
            text = opcode == 1;
            fragments = 0;
        }
        return length + message.size() > maxBytes || length > maxBytes || ++fragments > maxFragments
                ? "breach 1009"
                : "";
    }

    private String data(byte[] payload, boolean whole, boolean fin) {
        message.writeBytes(payload);
        byte[] all = message.toByteArray();
        if (text && !isUtf8(all, whole && fin)) {
            return "breach 1007";
        }
        if (whole && fin) {
            events.add((text ? "text " : "binary ") + HexFormat.of().formatHex(all));
            message = null;
        }
        return whole ? "" : "more";
    }

    private String control(int opcode, byte[] payload) {
        if (opcode != 8) {
            events.add((opcode == 9 ? "ping " : "pong ") + HexFormat.of().formatHex(payload));
            return "";
        }
        if (payload.length == 0) {
            return "close " + CloseStatus.NO_STATUS.code() + " ";
        }
        if (payload.length == 1) {
            return "breach 1002";
        }
        int code = ByteBuffer.wrap(payload).getShort() & 0xFFFF;
        boolean defined = code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006;
        if (!defined && (code < 3000 || code > 4999)) {
            return "breach 1002";
        }
        try {
            ByteBuffer reason = ByteBuffer.wrap(payload, 2, payload.length - 2);
            return "close " + code + " " + StandardCharsets.UTF_8.newDecoder().decode(reason);
        } catch (CharacterCodingException e) {
            return "breach 1007";
        }
    }

    /** Rejects surrogates. The platform's decoder waits for the third byte, which cannot complete a character. */
    private static boolean isUtf8(byte[] bytes, boolean end) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer chars = CharBuffer.allocate(bytes.length);
        boolean malformed =
                StandardCharsets.UTF_8.newDecoder().decode(in, chars, end).isError();
        int left = in.position();
        boolean surrogate = in.remaining() > 1 && bytes[left] == (byte) 0xED && (bytes[left + 1] & 0xFF) >= 0xA0;
        return !malformed && !surrogate;
    }
}
