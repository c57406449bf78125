package io.tankws.it.selection.several;

import java.io.File;
import java.lang.module.ModuleFinder;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

/** The directories and jars on the module path and the class path of this JVM. */
final class PathEntries {
    private static final ModuleFinder ENTRIES = ModuleFinder.of(Stream.of("java.class.path", "jdk.module.path")
            .map(path -> System.getProperty(path, ""))
            .flatMap(path -> Arrays.stream(path.split(File.pathSeparator)))
            .filter(entry -> !entry.isEmpty())
            .map(Path::of)
            .toArray(Path[]::new));

    private PathEntries() {}

    static URL url(String module) {
        try {
            return ENTRIES.find(module).orElseThrow().location().orElseThrow().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }
}
