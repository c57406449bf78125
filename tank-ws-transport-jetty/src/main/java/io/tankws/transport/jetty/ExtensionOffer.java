package io.tankws.transport.jetty;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One element of a {@code Sec-WebSocket-Extensions} header (RFC 6455 section 9.1).
 *
 * @param name the extension token
 * @param parameters in the order of the header, repeated names included
 */
record ExtensionOffer(String name, List<Parameter> parameters) {
    /**
     * A parameter of an offer.
     *
     * @param name a token
     * @param value a token without its quotes; {@code null} if the parameter has no value
     */
    record Parameter(String name, @Nullable String value) {}

    /** Returns the well-formed offers of all headers, in order. Skips malformed offers. */
    static List<ExtensionOffer> parse(List<String> headers) {
        List<ExtensionOffer> offers = new ArrayList<>();
        for (String header : headers) {
            new Parser(header).parse(offers);
        }
        return offers;
    }

    /** The failure to parse one offer, which the parser catches. */
    private static final class MalformedException extends Exception {
        private static final long serialVersionUID = 1L;

        MalformedException() {
            super("malformed", null, false, false);
        }
    }

    private static final class Parser {
        private static final String SEPARATORS = "()<>@,;:\\\"/[]?={} \t";

        private final String text;

        /** The index of the next character. */
        private int position;

        Parser(String text) {
            this.text = text;
        }

        void parse(List<ExtensionOffer> offers) {
            while (position < text.length()) {
                if (takes(',')) {
                    continue;
                }
                try {
                    offers.add(offer());
                } catch (MalformedException e) {
                    skipElement();
                }
            }
        }

        private ExtensionOffer offer() throws MalformedException {
            String name = token();
            List<Parameter> parameters = new ArrayList<>();
            while (takes(';')) {
                String parameter = token();
                parameters.add(new Parameter(parameter, takes('=') ? value() : null));
            }
            if (position < text.length() && text.charAt(position) != ',') {
                throw new MalformedException();
            }
            return new ExtensionOffer(name, List.copyOf(parameters));
        }

        private String value() throws MalformedException {
            skipBlanks();
            if (position == text.length() || text.charAt(position) != '"') {
                return token();
            }
            StringBuilder value = new StringBuilder();
            for (position++; position < text.length(); position++) {
                char c = text.charAt(position);
                if (c == '"') {
                    position++;
                    return checked(value.toString());
                }
                if (c == '\\' && ++position < text.length()) {
                    c = text.charAt(position);
                }
                value.append(c);
            }
            throw new MalformedException();
        }

        private String token() throws MalformedException {
            skipBlanks();
            int start = position;
            while (position < text.length() && isTokenCharacter(text.charAt(position))) {
                position++;
            }
            return checked(text.substring(start, position));
        }

        /** Requires a token; a quoted value must be one too. */
        private static String checked(String token) throws MalformedException {
            if (token.isEmpty() || !token.chars().allMatch(Parser::isTokenCharacter)) {
                throw new MalformedException();
            }
            return token;
        }

        private static boolean isTokenCharacter(int c) {
            return c > ' ' && c < 0x7F && SEPARATORS.indexOf(c) < 0;
        }

        private boolean takes(char separator) {
            skipBlanks();
            boolean present = position < text.length() && text.charAt(position) == separator;
            if (present) {
                position++;
            }
            return present;
        }

        private void skipBlanks() {
            while (position < text.length() && (text.charAt(position) == ' ' || text.charAt(position) == '\t')) {
                position++;
            }
        }

        /** Moves to the next comma outside of quotes. */
        private void skipElement() {
            boolean quoted = false;
            for (; position < text.length(); position++) {
                char c = text.charAt(position);
                if (c == '"') {
                    quoted = !quoted;
                } else if (quoted && c == '\\') {
                    position++;
                } else if (!quoted && c == ',') {
                    return;
                }
            }
        }
    }
}
