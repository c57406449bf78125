package io.tankws;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The query of a request target, as forms write it (URL standard, application/x-www-form-urlencoded). */
final class Query {
    private Query() {}

    static Map<String, List<String>> parse(String text) {
        Map<String, List<String>> result = new LinkedHashMap<>();
        for (String pair : text.split("&")) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = decode(equals < 0 ? pair : pair.substring(0, equals));
                String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
                result.computeIfAbsent(name, key -> new ArrayList<>(1)).add(value);
            }
        }
        result.replaceAll((name, values) -> List.copyOf(values));
        return Collections.unmodifiableMap(result);
    }

    /** A malformed escape stays as it was sent: nothing is guessed, and a query is never a reason to fail. */
    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }
}
