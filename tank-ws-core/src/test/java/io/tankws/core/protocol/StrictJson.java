package io.tankws.core.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** A reader of JSON objects of strings (RFC 8259). It shares no code with the library that writes them. */
final class StrictJson {
    private static final String SHORT_ESCAPES = "\"\\/bfnrt";
    private static final String THEIR_MEANING = "\"\\/\b\f\n\r\t";

    private final String text;
    private int at;

    private StrictJson(String text) {
        this.text = text;
    }

    static Map<String, String> object(byte[] utf8) throws CharacterCodingException {
        String text = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(utf8))
                .toString();
        StrictJson json = new StrictJson(text);
        Map<String, String> fields = new LinkedHashMap<>();
        json.expect('{');
        do {
            String name = json.string();
            json.expect(':');
            if (fields.put(name, json.string()) != null) {
                throw new IllegalArgumentException("twice: " + name);
            }
        } while (json.next() == ',');
        json.at--;
        json.expect('}');
        if (json.at != text.length()) {
            throw new IllegalArgumentException("more than an object");
        }
        return fields;
    }

    private String string() {
        expect('"');
        StringBuilder result = new StringBuilder();
        for (char c = next(); c != '"'; c = next()) {
            if (c < ' ') {
                throw new IllegalArgumentException("control character at " + at);
            }
            result.append(c == '\\' ? escape() : c);
        }
        return result.toString();
    }

    private char escape() {
        char c = next();
        if (c == 'u') {
            String hex = text.substring(at, at += 4);
            if (!hex.matches("[0-9A-Fa-f]{4}")) {
                throw new IllegalArgumentException("no escape: " + hex);
            }
            return (char) Integer.parseInt(hex, 16);
        }
        int known = SHORT_ESCAPES.indexOf(c);
        if (known < 0) {
            throw new IllegalArgumentException("no escape: " + c);
        }
        return THEIR_MEANING.charAt(known);
    }

    private char next() {
        return text.charAt(at++);
    }

    private void expect(char expected) {
        if (next() != expected) {
            throw new IllegalArgumentException("no " + expected + " at " + (at - 1));
        }
    }
}
