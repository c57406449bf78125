package io.tankws.examples;

import java.util.Map;

/** One HTTP response. */
record Answer(int status, String type, String body, Map<String, String> headers) {
    private static final String TEXT = "text/plain;charset=utf-8";

    static Answer text(int status, String line) {
        return text(status, line, Map.of());
    }

    static Answer text(int status, String line, Map<String, String> headers) {
        return new Answer(status, TEXT, line + "\n", headers);
    }

    static Answer empty(Map<String, String> headers) {
        return new Answer(204, TEXT, "", headers);
    }

    static Answer json(String body) {
        return new Answer(200, "application/json", body, Map.of());
    }

    static Answer methodNotAllowed(String method) {
        return text(405, "only " + method, Map.of("Allow", method));
    }
}
