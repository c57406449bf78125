package io.tankws.protocol.centrifuge.filter;

import io.tankws.protocol.centrifuge.message.FilterNode;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A comparison of one tag.
 *
 * @param key the name of the tag
 * @param ifMissing the result for a publication without the tag
 * @param condition the condition for the value of the tag
 */
record Comparison(String key, boolean ifMissing, Predicate<String> condition)
        implements Predicate<Map<String, String>> {
    /** The maximum number of characters of a decimal number. A longer text is no number. */
    private static final int MAX_NUMBER_LENGTH = 64;

    static Comparison of(FilterNode node) throws InvalidFilterException {
        String val = node.val();
        Comparison comparison = switch (node.cmp()) {
            case "eq" -> ofValue(node, false, val::equals);
            case "neq" -> ofValue(node, true, tag -> !tag.equals(val));
            case "sw" -> ofValue(node, false, tag -> tag.startsWith(val));
            case "ew" -> ofValue(node, false, tag -> tag.endsWith(val));
            case "ct" -> ofValue(node, false, tag -> tag.contains(val));
            case "lt" -> ofNumber(node, order -> order < 0);
            case "lte" -> ofNumber(node, order -> order <= 0);
            case "gt" -> ofNumber(node, order -> order > 0);
            case "gte" -> ofNumber(node, order -> order >= 0);
            case "in" -> ofSet(node, false);
            case "nin" -> ofSet(node, true);
            case "ex" -> ofExistence(node, false);
            case "nex" -> ofExistence(node, true);
            default -> throw new InvalidFilterException("a filter must use a known comparison");
        };
        requireLength(node.key());
        requireLength(val);
        for (String each : node.vals()) {
            requireLength(each);
        }
        return comparison;
    }

    private static void requireLength(String text) throws InvalidFilterException {
        require(
                text.length() <= TagsFilter.MAX_TEXT_LENGTH,
                "a text of a filter must have at most " + TagsFilter.MAX_TEXT_LENGTH + " characters");
    }

    private static void require(boolean condition, String rule) throws InvalidFilterException {
        if (!condition) {
            throw new InvalidFilterException(rule);
        }
    }

    private static Comparison ofValue(FilterNode node, boolean ifMissing, Predicate<String> condition)
            throws InvalidFilterException {
        require(!node.key().isEmpty(), "a comparison must have a key");
        require(!node.val().isEmpty() && node.vals().isEmpty(), "a comparison with a value must have one value");
        return new Comparison(node.key(), ifMissing, condition);
    }

    private static Comparison ofNumber(FilterNode node, IntPredicate order) throws InvalidFilterException {
        BigDecimal limit = number(node.val());
        return ofValue(node, false, tag -> {
            BigDecimal value = number(tag);
            return value != null && limit != null && order.test(value.compareTo(limit));
        });
    }

    private static Comparison ofSet(FilterNode node, boolean isNegated) throws InvalidFilterException {
        require(!node.key().isEmpty(), "a comparison must have a key");
        require(!node.vals().isEmpty() && node.val().isEmpty(), "a comparison with a set must have values in vals");
        Set<String> values = Set.copyOf(node.vals());
        return new Comparison(node.key(), isNegated, tag -> values.contains(tag) != isNegated);
    }

    private static Comparison ofExistence(FilterNode node, boolean isNegated) throws InvalidFilterException {
        require(node.vals().isEmpty() && node.val().isEmpty(), "a comparison for existence must have no value");
        return new Comparison(node.key(), isNegated, tag -> !isNegated);
    }

    /** Returns a number in decimal notation without an exponent, or {@code null} for any other text. */
    private static @Nullable BigDecimal number(String text) {
        if (text.length() > MAX_NUMBER_LENGTH || !isDecimal(text)) {
            return null;
        }
        return new BigDecimal(text);
    }

    private static boolean isDecimal(String text) {
        boolean hasSign = text.startsWith("-") || text.startsWith("+");
        int digits = 0;
        int points = 0;
        for (int i = hasSign ? 1 : 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.') {
                points++;
            } else if (c >= '0' && c <= '9') {
                digits++;
            } else {
                return false;
            }
        }
        return digits > 0 && points <= 1;
    }

    @Override
    public boolean test(Map<String, String> tags) {
        String tag = tags.get(key);
        return tag == null ? ifMissing : condition.test(tag);
    }
}
