package io.tankws.transport.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeflateParametersTest {
    private static final String PLAIN = "permessage-deflate";

    private record Row(String answer, String... headers) {
        @Override
        public String toString() {
            return String.join(" | ", headers);
        }
    }

    private static Row row(String answer, String... headers) {
        return new Row(answer, headers);
    }

    static Stream<Row> accepted() {
        return Stream.of(
                row(PLAIN, PLAIN),
                row(PLAIN, " permessage-deflate "),
                row(PLAIN, "permessage-deflate; client_max_window_bits"),
                row(PLAIN, "permessage-deflate;client_max_window_bits=8"),
                row(PLAIN, "permessage-deflate; client_max_window_bits=15"),
                row(PLAIN, "permessage-deflate; client_max_window_bits=\"10\""),
                row(PLAIN, "permessage-deflate; client_max_window_bits=\"1\\0\""),
                row(PLAIN + ";server_max_window_bits=15", "permessage-deflate; server_max_window_bits=15"),
                row(PLAIN + ";server_max_window_bits=15", "permessage-deflate; server_max_window_bits=\"15\""),
                row(PLAIN + ";server_max_window_bits=15", "permessage-deflate ; server_max_window_bits = 15"),
                row(PLAIN + ";server_no_context_takeover", "permessage-deflate; server_no_context_takeover"),
                row(PLAIN + ";client_no_context_takeover", "permessage-deflate; client_no_context_takeover"),
                row(
                        PLAIN + ";server_no_context_takeover;client_no_context_takeover;server_max_window_bits=15",
                        "permessage-deflate; client_max_window_bits=9; server_max_window_bits=15"
                                + "; client_no_context_takeover; server_no_context_takeover"),
                // The first offer that can be accepted.
                row(PLAIN, "permessage-deflate; server_max_window_bits=10, permessage-deflate"),
                row(
                        PLAIN + ";server_no_context_takeover",
                        "permessage-deflate; server_max_window_bits=10",
                        "permessage-deflate; server_no_context_takeover, permessage-deflate"),
                row(PLAIN, "permessage-deflate; nonsense, x, permessage-deflate; client_max_window_bits"),
                row(PLAIN, "permessage-deflate; server_max_window_bits=, permessage-deflate"),
                row(PLAIN, "permessage-deflate; x=\"a, b; \\\" c\", permessage-deflate"),
                row(PLAIN, ", ,, permessage-deflate ,"),
                // Offers with other extensions.
                row(PLAIN, "x-webkit-deflate-frame, permessage-deflate; client_max_window_bits"),
                row(PLAIN, "permessage-bzip2; client_max_window_bits", "mux; max-channels=4; flow", PLAIN),
                row(PLAIN, "foo; bar=\"permessage-deflate\", permessage-deflate"));
    }

    @ParameterizedTest
    @MethodSource
    void accepted(Row row) {
        assertEquals(
                Optional.of(row.answer()),
                DeflateParameters.firstOf(List.of(row.headers())).map(DeflateParameters::headerValue));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",",
                "x-unknown",
                "permessage-deflat",
                "x; permessage-deflate",
                "foo=\"permessage-deflate\"",
                "\"permessage-deflate\"",
                "permessage-deflate;",
                "permessage-deflate; ; client_max_window_bits",
                "permessage-deflate client_max_window_bits",
                "permessage-deflate=1",
                "permessage-deflate; client_max_window_bits=",
                "permessage-deflate; client_max_window_bits=\"\"",
                "permessage-deflate; client_max_window_bits=\"10",
                "permessage-deflate; client_max_window_bits=\"1 0\"",
                "permessage-deflate; =10",
                "permessage-deflate; server_max_window_bits",
                "permessage-deflate; server_max_window_bits=7",
                "permessage-deflate; server_max_window_bits=8",
                "permessage-deflate; server_max_window_bits=9",
                "permessage-deflate; server_max_window_bits=14",
                "permessage-deflate; server_max_window_bits=16",
                "permessage-deflate; server_max_window_bits=015",
                "permessage-deflate; server_max_window_bits=+15",
                "permessage-deflate; server_max_window_bits=-15",
                "permessage-deflate; server_max_window_bits=15.0",
                "permessage-deflate; server_max_window_bits=0xF",
                "permessage-deflate; server_max_window_bits=99999999999999999999",
                "permessage-deflate; server_max_window_bits=\u0661\u0665",
                "permessage-deflate; server_max_window_bits=\"15 \"",
                "permessage-deflate; client_max_window_bits=7",
                "permessage-deflate; client_max_window_bits=16",
                "permessage-deflate; client_max_window_bits=0",
                "permessage-deflate; client_max_window_bits=08",
                "permessage-deflate; client_max_window_bits=x",
                "permessage-deflate; server_no_context_takeover=1",
                "permessage-deflate; server_no_context_takeover=true",
                "permessage-deflate; client_no_context_takeover=\"\"",
                "permessage-deflate; client_no_context_takeover=0",
                "permessage-deflate; client_max_window_bits; client_max_window_bits",
                "permessage-deflate; client_max_window_bits=9; client_max_window_bits=10",
                "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
                "permessage-deflate; server_max_window_bits=15; server_max_window_bits=15",
                "permessage-deflate; nonsense",
                "permessage-deflate; client_max_window_bits; nonsense=1",
                "permessage-deflate; @deflate_buffer_size=1",
                "permessage-deflate; x=\"a, permessage-deflate"
            })
    void declined(String header) {
        assertEquals(Optional.empty(), DeflateParameters.firstOf(List.of(header)));
    }
}
