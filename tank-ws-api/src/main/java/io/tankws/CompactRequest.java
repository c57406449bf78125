package io.tankws;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Target and headers of a request as one text, because a server keeps one for each connection: first the target, then
 * name and value of each header. Each stands behind its length, in characters of seven bits each, so that Latin letters
 * stay one byte each; of a name that most requests have, one character is there. It is taken apart whenever somebody
 * asks, which is seldom.
 */
final class CompactRequest {
    private static final int CONTINUATION_BIT = 1 << 7;

    /** Each as it is mostly written: any other case is kept as it was sent. */
    private static final List<String> NAMES = List.of(
            "Host",
            "Upgrade",
            "Connection",
            "Sec-WebSocket-Key",
            "Sec-WebSocket-Version",
            "Sec-WebSocket-Extensions",
            "Sec-WebSocket-Protocol",
            "Origin",
            "User-Agent",
            "Cookie",
            "Authorization",
            "Accept-Encoding",
            "Accept-Language",
            "Cache-Control",
            "Pragma",
            "X-Forwarded-For",
            "X-Forwarded-Proto",
            "X-Forwarded-Host",
            "X-Real-IP");

    private static final Map<String, Character> PLACES = headerIndex();
    private static final char OTHER = (char) NAMES.size();

    private final String packed;
    private int position;

    private CompactRequest(String packed) {
        this.packed = packed;
    }

    private static Map<String, Character> headerIndex() {
        Map<String, Character> places = new HashMap<>();
        for (String name : NAMES) {
            places.put(name, (char) places.size());
        }
        return places;
    }

    static void appendHeader(StringBuilder packed, String name, String value) {
        Character place = PLACES.get(name);
        if (place != null) {
            packed.append(place.charValue());
        } else {
            append(packed.append(OTHER), name);
        }
        append(packed, value);
    }

    static void append(StringBuilder packed, String part) {
        int length = part.length();
        while (length >= CONTINUATION_BIT) {
            packed.append((char) (length % CONTINUATION_BIT + CONTINUATION_BIT));
            length /= CONTINUATION_BIT;
        }
        packed.append((char) length).append(part);
    }

    static String path(String packed) {
        String target = new CompactRequest(packed).next();
        int mark = target.indexOf('?');
        return mark < 0 ? target : target.substring(0, mark);
    }

    static Map<String, List<String>> queryParameters(String packed) {
        return QueryString.parse(query(packed));
    }

    /** Returns the query as sent, empty if there is none. */
    static String query(String packed) {
        String target = new CompactRequest(packed).next();
        int mark = target.indexOf('?');
        return mark < 0 ? "" : target.substring(mark + 1);
    }

    /** Returns a copy in which the only header of a name has another value. */
    static String replaceHeader(String packed, String name, String value) {
        StringBuilder copy = new StringBuilder(packed.length() + value.length());
        CompactRequest parts = new CompactRequest(packed);
        append(copy, parts.next());
        while (parts.hasNext()) {
            String next = parts.nextName();
            String old = parts.next();
            appendHeader(copy, next, next.equalsIgnoreCase(name) ? value : old);
        }
        return copy.toString();
    }

    static Map<String, List<String>> headers(String packed) {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (CompactRequest parts = headersOf(packed); parts.hasNext(); ) {
            headers.computeIfAbsent(parts.nextName(), name -> new ArrayList<>(1))
                    .add(parts.next());
        }
        headers.replaceAll((name, values) -> List.copyOf(values));
        return Collections.unmodifiableMap(headers);
    }

    /** The values of one header in the order sent, without making the others. */
    static List<String> header(String packed, String name) {
        Objects.requireNonNull(name, "name");
        List<String> values = new ArrayList<>(1);
        for (CompactRequest parts = headersOf(packed); parts.hasNext(); ) {
            if (parts.nextNameIs(name)) {
                values.add(parts.next());
            } else {
                parts.skip();
            }
        }
        return values;
    }

    private static CompactRequest headersOf(String packed) {
        CompactRequest parts = new CompactRequest(packed);
        parts.skip();
        return parts;
    }

    private boolean hasNext() {
        return position < packed.length();
    }

    private String next() {
        int start = skip();
        return packed.substring(start, position);
    }

    private String nextName() {
        char place = packed.charAt(position++);
        return place == OTHER ? next() : NAMES.get(place);
    }

    /** Takes a name, and tells whether it is this one but for case. */
    private boolean nextNameIs(String name) {
        char place = packed.charAt(position++);
        if (place != OTHER) {
            return NAMES.get(place).equalsIgnoreCase(name);
        }
        int start = skip();
        return position - start == name.length() && packed.regionMatches(true, start, name, 0, name.length());
    }

    /** Goes over a part, and returns where its text starts. */
    private int skip() {
        int length = 0;
        int unit = 1;
        char digit;
        do {
            digit = packed.charAt(position++);
            length += digit % CONTINUATION_BIT * unit;
            unit *= CONTINUATION_BIT;
        } while (digit >= CONTINUATION_BIT);
        position += length;
        return position - length;
    }
}
