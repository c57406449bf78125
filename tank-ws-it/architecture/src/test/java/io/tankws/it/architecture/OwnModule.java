package io.tankws.it.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One module of this project as it was built. All modules are found that these tests depend on. */
record OwnModule(ModuleReference reference) {
    private static final String SERVICES = "META-INF/services/";

    static final ModuleFinder CLASS_PATH =
            ModuleFinder.of(Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                    .map(Path::of)
                    .toArray(Path[]::new));

    static final Map<String, OwnModule> ALL = CLASS_PATH.findAll().stream()
            .map(OwnModule::new)
            .filter(module -> (module.name() + ".").startsWith("io.tankws."))
            .collect(Collectors.toMap(OwnModule::name, Function.identity(), (one, other) -> one, TreeMap::new));

    static final JavaClasses CLASSES = new ClassFileImporter()
            .importLocations(ALL.values().stream().map(OwnModule::location).collect(Collectors.toSet()));

    String name() {
        return descriptor().name();
    }

    ModuleDescriptor descriptor() {
        return reference.descriptor();
    }

    JavaClasses classes() {
        return CLASSES.that(
                JavaClass.Predicates.resideInAnyPackage(descriptor().packages().toArray(String[]::new)));
    }

    /** Returns the providers of each service in the module descriptor. */
    Map<String, Set<String>> provided() {
        return descriptor().provides().stream()
                .collect(Collectors.toMap(
                        ModuleDescriptor.Provides::service,
                        provides -> new TreeSet<>(provides.providers()),
                        (one, other) -> one,
                        TreeMap::new));
    }

    /** Returns the providers of each service in {@code META-INF/services}. */
    Map<String, Set<String>> registered() {
        try (ModuleReader reader = reference.open();
                Stream<String> names = reader.list()) {
            Map<String, Set<String>> registered = new TreeMap<>();
            for (String name : names.filter(OwnModule::isServiceFile).toList()) {
                registered.put(name.substring(SERVICES.length()), lines(reader, name));
            }
            return registered;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isServiceFile(String name) {
        return name.startsWith(SERVICES) && !name.endsWith("/");
    }

    private static Set<String> lines(ModuleReader reader, String name) throws IOException {
        try (InputStream in = reader.open(name).orElseThrow()) {
            List<String> lines = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return lines.stream()
                    .map(line -> line.replaceFirst("#.*", "").strip())
                    .filter(line -> !line.isEmpty())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private Location location() {
        URI uri = reference.location().orElseThrow();
        return Location.of(uri.getPath().endsWith(".jar") ? URI.create("jar:" + uri + "!/") : uri);
    }
}
