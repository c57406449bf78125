package io.tankws.protocol.centrifuge.filter;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.protocol.centrifuge.message.FilterNode;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Filters choose publications by their tags, and only filters within the bounds are accepted. */
class TagsFilterTest {
    private static final Map<String, String> TAGS = Map.of("lang", "java", "size", "10.50", "empty", "");

    private static FilterNode leaf(String key, String cmp, String val, String... vals) {
        return new FilterNode("", key, cmp, val, List.of(vals), List.of());
    }

    private static FilterNode node(String op, FilterNode... nodes) {
        return new FilterNode(op, "", "", "", List.of(), List.of(nodes));
    }

    private static boolean matches(FilterNode node) throws InvalidFilterException {
        return TagsFilter.of(node).test(TAGS);
    }

    @ParameterizedTest
    @CsvSource({
        "lang, eq, java, true",
        "lang, eq, jav, false",
        "none, eq, java, false",
        "lang, neq, java, false",
        "lang, neq, go, true",
        "none, neq, java, true",
        "lang, sw, ja, true",
        "lang, sw, va, false",
        "none, sw, va, false",
        "lang, ew, va, true",
        "lang, ew, ja, false",
        "lang, ct, av, true",
        "lang, ct, x, false",
        "none, ct, x, false",
        "size, lt, 11, true",
        "size, lt, 10.5, false",
        "size, lte, 10.5, true",
        "size, gt, 9, true",
        "size, gt, 10.500, false",
        "size, gte, +10.500, true",
        "size, gt, -1, true",
        "size, gt, x, false",
        "size, lt, 1e3, false",
        "lang, lt, 11, false",
        "lang, gte, 1, false",
        "none, lt, 1, false",
        "empty, gte, 0, false",
    })
    void comparesAValue(String key, String cmp, String val, boolean expected) throws InvalidFilterException {
        assertEquals(expected, matches(leaf(key, cmp, val)));
    }

    @Test
    void comparesSetsAndExistence() throws InvalidFilterException {
        assertTrue(matches(leaf("lang", "in", "", "go", "java")));
        assertFalse(matches(leaf("lang", "in", "", "go")));
        assertFalse(matches(leaf("none", "in", "", "go", "")));
        assertTrue(matches(leaf("lang", "nin", "", "go", "go")));
        assertFalse(matches(leaf("lang", "nin", "", "java")));
        assertTrue(matches(leaf("none", "nin", "", "java")));
        assertTrue(matches(leaf("empty", "ex", "")));
        assertFalse(matches(leaf("none", "ex", "")));
        assertFalse(matches(leaf("", "ex", "")));
        assertTrue(matches(leaf("none", "nex", "")));
        assertFalse(matches(leaf("lang", "nex", "")));
    }

    @Test
    void combinesNodes() throws InvalidFilterException {
        FilterNode yes = leaf("lang", "eq", "java");
        FilterNode no = leaf("lang", "eq", "go");
        assertTrue(matches(node("and", yes, yes)));
        assertFalse(matches(node("and", yes, no)));
        assertTrue(matches(node("or", no, yes)));
        assertFalse(matches(node("or", no, no)));
        assertTrue(matches(node("not", no)));
        assertFalse(matches(node("not", node("or", no, yes))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"eq", "neq", "sw", "ew", "ct", "lt", "lte", "gt", "gte"})
    void aComparisonWithAValueNeedsKeyAndValue(String cmp) {
        assertDoesNotThrow(() -> TagsFilter.of(leaf("k", cmp, "1")));
        refuses(leaf("", cmp, "1"));
        refuses(leaf("k", cmp, ""));
        refuses(leaf("k", cmp, "1", "1"));
    }

    @Test
    void otherRulesAreChecked() {
        refuses(leaf("k", "", "1"));
        refuses(leaf("k", "EQ", "1"));
        for (String cmp : new String[] {"in", "nin"}) {
            refuses(leaf("k", cmp, ""));
            refuses(leaf("k", cmp, "1", "1"));
            refuses(leaf("", cmp, "", "1"));
        }
        refuses(leaf("k", "ex", "1"));
        refuses(leaf("k", "nex", "", "1"));
        FilterNode valid = leaf("k", "ex", "");
        refuses(node("and"));
        refuses(node("or"));
        refuses(node("not"));
        refuses(node("not", valid, valid));
        refuses(node("xor", valid, valid));
        refuses(node("and", valid, node("or")));
    }

    @Test
    void sizeIsBounded() {
        FilterNode node = leaf("k", "ex", "");
        for (int depth = 1; depth < TagsFilter.MAX_DEPTH; depth++) {
            node = node("not", node);
        }
        FilterNode deepest = node;
        assertDoesNotThrow(() -> TagsFilter.of(deepest));
        refuses(node("not", deepest));

        FilterNode[] leaves = new FilterNode[TagsFilter.MAX_SIZE];
        Arrays.fill(leaves, leaf("k", "ex", ""));
        assertDoesNotThrow(() -> TagsFilter.of(node("and", Arrays.copyOf(leaves, leaves.length - 1))));
        refuses(node("and", leaves));
        String[] values = Collections.nCopies(TagsFilter.MAX_SIZE, "v").toArray(new String[0]);
        assertDoesNotThrow(() -> TagsFilter.of(leaf("k", "in", "", Arrays.copyOf(values, values.length - 1))));
        refuses(leaf("k", "in", "", values));

        String longest = "x".repeat(TagsFilter.MAX_TEXT_LENGTH);
        assertDoesNotThrow(() -> TagsFilter.of(leaf(longest, "eq", longest)));
        refuses(leaf(longest + "x", "eq", "v"));
        refuses(leaf("k", "eq", longest + "x"));
        refuses(leaf("k", "in", "", longest + "x"));
    }

    @Test
    void numbersHaveABoundedLength() throws InvalidFilterException {
        FilterNode positive = leaf("n", "gt", "0");
        assertTrue(TagsFilter.of(positive).test(Map.of("n", "7".repeat(64))));
        assertFalse(TagsFilter.of(positive).test(Map.of("n", "7".repeat(65))));
        assertFalse(TagsFilter.of(positive).test(Map.of("n", "1.2.3")));
        assertFalse(TagsFilter.of(positive).test(Map.of("n", ".")));
        assertTrue(TagsFilter.of(positive).test(Map.of("n", "1.")));
        assertTrue(TagsFilter.of(positive).test(Map.of("n", ".5")));
    }

    private static void refuses(FilterNode node) {
        assertThrows(InvalidFilterException.class, () -> TagsFilter.of(node));
    }
}
