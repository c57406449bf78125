package io.tankws.core.protocol;

import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Tuple;

/** Generators of texts for properties. */
final class Texts {
    private Texts() {}

    /** Any UTF-16, with a high share of characters that break writers of JSON. */
    static Arbitrary<String> any() {
        Arbitrary<Character> awkward =
                Arbitraries.of('"', '\\', '/', '\u0000', '\b', '\n', '\r', '\t', '\f', '\u001F', '\u007F', '\u0085');
        Arbitrary<Character> separators = Arbitraries.of('\u2028', '\u2029', '\uFEFF', '\uFFFE', '\uFFFF');
        Arbitrary<Character> surrogates = Arbitraries.chars().range('\uD800', '\uDFFF');
        return Arbitraries.frequencyOf(
                        Tuple.of(4, Arbitraries.chars().range(' ', '~')),
                        Tuple.of(2, awkward),
                        Tuple.of(1, separators),
                        Tuple.of(2, surrogates),
                        Tuple.of(1, Arbitraries.chars().all()))
                .list()
                .ofMaxSize(200)
                .map(Texts::join);
    }

    /** Texts that UTF-8 can represent. */
    static Arbitrary<String> wellFormed() {
        return Arbitraries.integers()
                .between(0, Character.MAX_CODE_POINT)
                .filter(point -> point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE)
                .list()
                .ofMaxSize(60)
                .map(points -> points.stream().map(Character::toString).collect(Collectors.joining()));
    }

    private static String join(List<Character> chars) {
        StringBuilder text = new StringBuilder(chars.size());
        chars.forEach(text::append);
        return text.toString();
    }
}
