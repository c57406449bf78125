package io.tankws.spi.support;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthorityTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LOCALHOST:1",
                "a:65535",
                "my_service:8080",
                "a.b.",
                "127.0.0.1:80",
                "[::1]",
                "[::1]:443",
                "[::ffff:1.2.3.4]",
                "%61b",
                "a!$&'()*+=~b",
                "xn--bcher-kva.example"
            })
    void hostsWithAndWithoutAPort(String text) {
        assertTrue(Authority.isValid(text), text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                ":80",
                "a:",
                "a:0",
                "a:65536",
                "a:99999",
                "a:123456",
                "a:x",
                "a:+1",
                "a:-1",
                "a:1:2",
                "::1",
                "[::1",
                "[::1]x",
                "[::1]:",
                "[]",
                "[::g]",
                "[a]",
                "[127.0.0.1]",
                "[:::]",
                "[1::2::3]",
                "[::1]]",
                "a;b",
                "[::1]:80:1",
                "a]",
                "a]:1",
                "u@a",
                "u:p@a",
                "a/b",
                "a?b",
                "a#b",
                "a b",
                "a\tb",
                "a,b",
                "a\\b",
                "<a>",
                "\"a\"",
                "h\u00e4",
                "\u4e2d",
                "%",
                "%6",
                "%zz",
                "a\0",
                "a\n",
                "http://a"
            })
    void otherTexts(String text) {
        assertFalse(Authority.isValid(text), text);
    }
}
