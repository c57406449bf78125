package io.tankws.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonScannerTest {
    private static int scan(String json) {
        return JsonScanner.firstInvalid(json.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "true",
                "false",
                "null",
                "0",
                "-0",
                "10",
                "-1.5",
                "0.0",
                "1e5",
                "1E+5",
                "1.25e-10",
                "123456789012345678901234567890",
                "\"\"",
                "\"a\"",
                "\"\u007F\"",
                "\"\u00e4\u20ac\ud83d\ude00\"",
                "\"\\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u00e4 \\uABCD \\uabcd\"",
                "\"\\ud800\"",
                " \t\r\n{}\n",
                " 1 ",
                "[1]",
                "[ 1 , 2 ]",
                "[[],[],{}]",
                "[[[]]]",
                "{\"a\":1}",
                "{ \"a\" : 1 , \"b\" : [ ] }",
                "{\"\":null}",
                "{\"a\":1,\"a\":2}",
                "{\"a\":{\"b\":[{\"c\":[1,{}]}]}}",
                "[{\"a\":[]},{\"b\":{}}]"
            })
    void acceptsACompleteValue(String json) {
        assertEquals(JsonScanner.VALID, scan(json));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "``;0",
                "\uFEFF{};0",
                "{;1",
                "};0",
                "[;1",
                "];0",
                "[1;2",
                "[1,;3",
                "[1,];3",
                "[,];1",
                "[1 2];3",
                "[1}];2",
                "{\"a\":1];6",
                "[{]};2",
                "{}{};2",
                "{} {};3",
                "1 2;2",
                "{\"a\";4",
                "{\"a\"};4",
                "{\"a\":;5",
                "{\"a\":};5",
                "{\"a\":1,};7",
                "{\"a\":1,2};7",
                "{a:1};1",
                "{1:2};1",
                "{'a':1};1",
                "{\"a\" 1};5",
                "'a';0",
                "\";1",
                "\"a;2",
                "\"\\\";3",
                "\"\\x\";2",
                "\"\\u12\";5",
                "\"\\u123g\";6",
                "\"\\;2",
                "\"\\u;3",
                "\"\u0000\";1",
                "\"\u001F\";1",
                "\"\t\";1",
                "-;1",
                "+1;0",
                "01;1",
                "-01;2",
                "1.;2",
                ".5;0",
                "1e;2",
                "1e+;3",
                "1e+-1;3",
                "1.5.5;3",
                "0x10;1",
                "1a;1",
                "\u0661;0",
                "tru;3",
                "truE;3",
                "True;0",
                "truex;4",
                "nul;3",
                "NaN;0",
                "Infinity;0",
                "-Infinity;1",
                "undefined;0",
                "//a;0",
                "/**/1;0",
                "1 //a;2",
                "[1]#;3",
                "\u00a01;0",
                "\u000B1;0"
            })
    void rejectsEverythingElseAtTheFirstWrongByte(String json, int index) {
        assertEquals(index, scan(json));
    }

    @Test
    void rejectsWhiteSpaceAlone() {
        assertEquals(3, scan(" \n\t"));
        assertEquals(0, scan("\f"));
    }

    @Test
    void boundsTheDepth() {
        for (String[] brackets : new String[][] {{"[", "]"}, {"{\"\":", "}"}, {"[{\"\":", "}]"}}) {
            int levels = JsonScanner.MAX_DEPTH / (brackets[0].startsWith("[{") ? 2 : 1);
            assertEquals(JsonScanner.VALID, scan(brackets[0].repeat(levels) + "1" + brackets[1].repeat(levels)));
            assertEquals(
                    brackets[0].length() * levels,
                    scan(brackets[0].repeat(levels + 1) + "1" + brackets[1].repeat(levels + 1)));
        }
    }

    @Test
    void matchesEachBracketOfDeepText() {
        Random random = new Random(14);
        for (int i = 0; i < 200; i++) {
            StringBuilder open = new StringBuilder();
            StringBuilder close = new StringBuilder();
            int levels = 1 + random.nextInt(JsonScanner.MAX_DEPTH);
            for (int level = 0; level < levels; level++) {
                boolean object = random.nextBoolean();
                open.append(object ? "{\"\":" : "[");
                close.append(object ? '}' : ']');
            }
            String end = close.reverse().toString();
            assertEquals(JsonScanner.VALID, scan(open + "0" + end));
            int wrong = random.nextInt(levels);
            String other = end.substring(0, wrong) + (end.charAt(wrong) == ']' ? '}' : ']') + end.substring(wrong + 1);
            assertEquals(open.length() + 1 + wrong, scan(open + "0" + other));
        }
    }

    @Test
    void rejectsEveryProperPrefixOfAnObject() {
        String json = "{\"a\":[1.5e+3,{\"b\":\"\\u00e4\\n\"},true,false,null,[]],\"c\":{}}";
        for (int end = 0; end < json.length(); end++) {
            assertEquals(end, scan(json.substring(0, end)), json.substring(0, end));
        }
    }
}
