package io.tankws.testkit.contract;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads an object of strings by RFC 8259, independently of the library that wrote it. Strict: anything else is an
 * error.
 */
final class Json {
    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    static Map<String, String> object(String text) {
        Json json = new Json(text);
        Map<String, String> fields = new LinkedHashMap<>();
        json.expect('{');
        do {
            String name = json.string();
            json.expect(':');
            if (fields.put(name, json.string()) != null) {
                throw json.error("a repeated name");
            }
        } while (json.expect(',', '}') == ',');
        if (json.at != text.length()) {
            throw json.error("something behind the object");
        }
        return fields;
    }

    private String string() {
        expect('"');
        StringBuilder value = new StringBuilder();
        while (true) {
            char c = next();
            if (c == '"') {
                return value.toString();
            } else if (c < ' ') {
                throw error("an unescaped control character");
            }
            value.append(c == '\\' ? escaped() : c);
        }
    }

    private char escaped() {
        char c = next();
        int simple = "\"\\/bfnrt".indexOf(c);
        if (simple >= 0) {
            return "\"\\/\b\f\n\r\t".charAt(simple);
        }
        if (c != 'u' || at + 4 > text.length()) {
            throw error("an unknown escape");
        }
        at += 4;
        return (char) Integer.parseInt(text.substring(at - 4, at), 16);
    }

    private char expect(char... expected) {
        char c = next();
        for (char each : expected) {
            if (c == each) {
                return c;
            }
        }
        throw error("something else than " + String.valueOf(expected));
    }

    private char next() {
        if (at == text.length()) {
            throw error("an early end");
        }
        return text.charAt(at++);
    }

    private AssertionError error(String what) {
        return new AssertionError("not JSON: " + what + " at " + at + " in " + text);
    }
}
