package io.tankws.protocol.centrifuge.filter;

import io.tankws.protocol.centrifuge.message.FilterNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A filter of publications by their tags. Immutable and thread-safe.
 *
 * <p>A filter is evaluated for each publication and subscriber, so its size is bounded.
 */
public final class TagsFilter implements Predicate<Map<String, String>> {
    /** The maximum depth of nested operations, including comparisons. */
    public static final int MAX_DEPTH = 8;

    /** The maximum number of nodes and of values in sets together. */
    public static final int MAX_SIZE = 128;

    /** The maximum length of a key and of a value in characters. */
    public static final int MAX_TEXT_LENGTH = 256;

    private final Predicate<Map<String, String>> root;
    private int size;

    private TagsFilter(FilterNode root) throws InvalidFilterException {
        this.root = compile(root, 1);
    }

    /**
     * Validates a filter of a client.
     *
     * @throws InvalidFilterException if the filter breaks a rule or exceeds a bound
     */
    public static TagsFilter of(FilterNode root) throws InvalidFilterException {
        return new TagsFilter(root);
    }

    /** Returns whether a subscriber receives a publication with these tags. */
    @Override
    public boolean test(Map<String, String> tags) {
        return root.test(tags);
    }

    private Predicate<Map<String, String>> compile(FilterNode node, int depth) throws InvalidFilterException {
        if (depth > MAX_DEPTH) {
            throw new InvalidFilterException("a filter must be at most " + MAX_DEPTH + " levels deep");
        }
        size += 1 + node.vals().size();
        if (size > MAX_SIZE) {
            throw new InvalidFilterException("a filter must have at most " + MAX_SIZE + " nodes and values");
        }
        return switch (node.op()) {
            case "" -> Comparison.of(node);
            case "and" -> all(operands(node, depth));
            case "or" -> any(operands(node, depth));
            case "not" -> not(operands(node, depth));
            default -> throw new InvalidFilterException("a filter must use the operations and, or, not");
        };
    }

    private List<Predicate<Map<String, String>>> operands(FilterNode node, int depth) throws InvalidFilterException {
        if (node.nodes().isEmpty()) {
            throw new InvalidFilterException("an operation of a filter must have a node");
        }
        List<Predicate<Map<String, String>>> operands = new ArrayList<>();
        for (FilterNode operand : node.nodes()) {
            operands.add(compile(operand, depth + 1));
        }
        return List.copyOf(operands);
    }

    private static Predicate<Map<String, String>> all(List<Predicate<Map<String, String>>> operands) {
        return tags -> {
            for (Predicate<Map<String, String>> operand : operands) {
                if (!operand.test(tags)) {
                    return false;
                }
            }
            return true;
        };
    }

    private static Predicate<Map<String, String>> any(List<Predicate<Map<String, String>>> operands) {
        return tags -> {
            for (Predicate<Map<String, String>> operand : operands) {
                if (operand.test(tags)) {
                    return true;
                }
            }
            return false;
        };
    }

    private static Predicate<Map<String, String>> not(List<Predicate<Map<String, String>>> operands)
            throws InvalidFilterException {
        if (operands.size() != 1) {
            throw new InvalidFilterException("the operation not must have one node");
        }
        return operands.get(0).negate();
    }
}
