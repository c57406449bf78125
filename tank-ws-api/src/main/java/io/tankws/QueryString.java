package io.tankws;

import io.tankws.wire.PercentText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The query of a request target, as forms write it (URL standard, application/x-www-form-urlencoded). */
final class QueryString {
    private QueryString() {}

    /** Returns the parameters without malformed ones, which must not become equal to another parameter. */
    static Map<String, List<String>> parse(String text) {
        Map<String, List<String>> result = new LinkedHashMap<>();
        for (String pair : text.split("&")) {
            if (!pair.isEmpty()) {
                Optional<String> name = name(pair);
                Optional<String> value = value(pair);
                if (name.isPresent() && value.isPresent()) {
                    result.computeIfAbsent(name.get(), key -> new ArrayList<>(1))
                            .add(value.get());
                }
            }
        }
        result.replaceAll((name, values) -> List.copyOf(values));
        return Collections.unmodifiableMap(result);
    }

    /** Returns whether {@link #parse} leaves nothing out. */
    static boolean isWellFormed(String text) {
        return PercentText.decodeForm(text).isPresent()
                && Arrays.stream(text.split("&"))
                        .allMatch(pair -> name(pair).isPresent() && value(pair).isPresent());
    }

    private static Optional<String> name(String pair) {
        int equals = pair.indexOf('=');
        return PercentText.decodeForm(equals < 0 ? pair : pair.substring(0, equals));
    }

    private static Optional<String> value(String pair) {
        int equals = pair.indexOf('=');
        return equals < 0 ? Optional.of("") : PercentText.decodeForm(pair.substring(equals + 1));
    }
}
