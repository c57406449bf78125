package io.tankws;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Target and headers of a request as one text, because a server keeps one for each connection: each part stands behind
 * its length, in characters below 128 of seven bits each, so that Latin letters stay one byte each. It is taken apart
 * whenever it is asked, which is seldom.
 */
final class PackedRequest {
    private static final int MORE = 1 << 7;

    /** The target, then name and value of each header. */
    private final String packed;

    /** Takes what {@link #append} has made of the target and each name and value. */
    PackedRequest(StringBuilder packed) {
        this.packed = packed.toString();
    }

    static void append(StringBuilder packed, String part) {
        int length = part.length();
        while (length >= MORE) {
            packed.append((char) (length % MORE + MORE));
            length /= MORE;
        }
        packed.append((char) length).append(part);
    }

    String path() {
        String target = new Parts().next();
        int mark = target.indexOf('?');
        return mark < 0 ? target : target.substring(0, mark);
    }

    Map<String, List<String>> queryParameters() {
        String target = new Parts().next();
        int mark = target.indexOf('?');
        return mark < 0 ? Map.of() : Query.parse(target.substring(mark + 1));
    }

    Map<String, List<String>> headers() {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (Parts parts = new Parts().skip(); parts.hasNext(); ) {
            headers.computeIfAbsent(parts.next(), name -> new ArrayList<>(1)).add(parts.next());
        }
        headers.replaceAll((name, values) -> List.copyOf(values));
        return Collections.unmodifiableMap(headers);
    }

    /** The values of one header in the order sent, without making the others. */
    List<String> header(String name) {
        Objects.requireNonNull(name, "name");
        List<String> values = new ArrayList<>(1);
        for (Parts parts = new Parts().skip(); parts.hasNext(); ) {
            if (parts.nextIs(name)) {
                values.add(parts.next());
            } else {
                parts.skip();
            }
        }
        return values;
    }

    /** Goes from part to part. */
    private final class Parts {
        private int at;

        boolean hasNext() {
            return at < packed.length();
        }

        String next() {
            int length = length();
            at += length;
            return packed.substring(at - length, at);
        }

        /** Takes the next, and tells whether it is this one but for case. */
        boolean nextIs(String text) {
            int length = length();
            at += length;
            return length == text.length() && packed.regionMatches(true, at - length, text, 0, length);
        }

        Parts skip() {
            int length = length();
            at += length;
            return this;
        }

        private int length() {
            int length = 0;
            int unit = 1;
            char digit;
            do {
                digit = packed.charAt(at++);
                length += digit % MORE * unit;
                unit *= MORE;
            } while (digit >= MORE);
            return length;
        }
    }
}
