package io.tankws.core.selection;

import java.security.CodeSource;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Descriptions of the locations of providers, for error texts. */
final class ProviderDescriptions {
    private ProviderDescriptions() {}

    static String describe(String name, Object provider) {
        Class<?> type = provider.getClass();
        CodeSource source = type.getProtectionDomain().getCodeSource();
        String where = type.getModule().isNamed()
                ? "module " + type.getModule().getName()
                : source == null ? "an unknown place" : String.valueOf(source.getLocation());
        return name + " (" + type.getName() + " in " + where + ")";
    }

    static <P> String list(List<P> providers, Function<P, String> describe) {
        return providers.stream().map(describe).sorted().collect(Collectors.joining("\n- ", "\n- ", ""));
    }

    /** Returns the deepest cause in parentheses, or an empty string if there is none. */
    static String rootOf(Throwable error) {
        Throwable root = error;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root == error ? "" : " (" + root + ")";
    }
}
