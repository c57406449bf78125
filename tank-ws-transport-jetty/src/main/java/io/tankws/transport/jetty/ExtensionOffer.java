package io.tankws.transport.jetty;

import java.util.ArrayList;
import java.util.List;

/**
 * One element of a {@code Sec-WebSocket-Extensions} header, by the grammar of RFC 6455 section 9.1.
 *
 * @param name the extension token
 * @param parameters in the order of the header, repeated names included
 */
record ExtensionOffer(String name, List<Parameter> parameters) {
    /**
     * A parameter of an offer.
     *
     * @param name a token
     * @param value a token, without its quotes; {@code null} if there is none
     */
    record Parameter(String name, String value) {}

    /** Returns the well-formed offers of all headers, in order. Malformed offers are left out. */
    static List<ExtensionOffer> parse(List<String> headers) {
        List<ExtensionOffer> offers = new ArrayList<>();
        for (String header : headers) {
            new Parser(header).parse(offers);
        }
        return offers;
    }

    /** Thrown inside of the parser only. */
    private static final class MalformedException extends Exception {
        private static final long serialVersionUID = 1L;

        MalformedException() {
            super("malformed", null, false, false);
        }
    }

    private static final class Parser {
        private static final String SEPARATORS = "()<>@,;:\\\"/[]?={} \t";

        private final String text;
        private int at;

        Parser(String text) {
            this.text = text;
        }

        void parse(List<ExtensionOffer> offers) {
            while (at < text.length()) {
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
            if (at < text.length() && text.charAt(at) != ',') {
                throw new MalformedException();
            }
            return new ExtensionOffer(name, List.copyOf(parameters));
        }

        private String value() throws MalformedException {
            skipBlanks();
            if (at == text.length() || text.charAt(at) != '"') {
                return token();
            }
            StringBuilder value = new StringBuilder();
            for (at++; at < text.length(); at++) {
                char c = text.charAt(at);
                if (c == '"') {
                    at++;
                    return checked(value.toString());
                }
                if (c == '\\' && ++at < text.length()) {
                    c = text.charAt(at);
                }
                value.append(c);
            }
            throw new MalformedException();
        }

        private String token() throws MalformedException {
            skipBlanks();
            int start = at;
            while (at < text.length() && isTokenCharacter(text.charAt(at))) {
                at++;
            }
            return checked(text.substring(start, at));
        }

        /** A quoted value too must be a token. */
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
            boolean present = at < text.length() && text.charAt(at) == separator;
            if (present) {
                at++;
            }
            return present;
        }

        private void skipBlanks() {
            while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
                at++;
            }
        }

        /** Skips to the next comma outside of quotes. */
        private void skipElement() {
            boolean quoted = false;
            for (; at < text.length(); at++) {
                char c = text.charAt(at);
                if (c == '"') {
                    quoted = !quoted;
                } else if (quoted && c == '\\') {
                    at++;
                } else if (!quoted && c == ',') {
                    return;
                }
            }
        }
    }
}
