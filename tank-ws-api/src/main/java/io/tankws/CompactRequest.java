package io.tankws;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The target and the headers of a request in one string, because a server keeps a request for each connection. The
 * string has the target first, and then the name and value of each header. Each part follows its length, which is
 * encoded in characters of seven bits each, so that a string of Latin letters keeps one byte for each character. The
 * index of a common header replaces its name. A call parses the string again, because calls are rare.
 */
final class CompactRequest {
    private static final int CONTINUATION_BIT = 1 << 7;

    /** The common headers in their usual spelling. A name in another case is stored as it was sent. */
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

    private static final Map<String, Character> HEADER_INDEX = headerIndex();
    /** The index in front of a name that is not common. */
    private static final char OTHER = (char) NAMES.size();

    private final String packed;
    private int position;

    private CompactRequest(String packed) {
        this.packed = packed;
    }

    private static Map<String, Character> headerIndex() {
        Map<String, Character> index = new HashMap<>();
        for (String name : NAMES) {
            index.put(name, (char) index.size());
        }
        return index;
    }

    static void appendHeader(StringBuilder packed, String name, String value) {
        Character index = HEADER_INDEX.get(name);
        if (index != null) {
            packed.append(index.charValue());
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

    /** Returns the values of one header in the order sent, without creating strings for the rest. */
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
        char index = packed.charAt(position++);
        return index == OTHER ? next() : NAMES.get(index);
    }

    /** Reads a name, and returns whether it equals a name in any case. */
    private boolean nextNameIs(String name) {
        char index = packed.charAt(position++);
        if (index != OTHER) {
            return NAMES.get(index).equalsIgnoreCase(name);
        }
        int start = skip();
        return position - start == name.length() && packed.regionMatches(true, start, name, 0, name.length());
    }

    /** Moves over a part, and returns the position where its text starts. */
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
