package io.tankws.it.architecture;

import static com.tngtech.archunit.core.domain.JavaModifier.FINAL;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchRule;
import io.tankws.spi.TransportProvider;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The public types and the providers of each module. */
class PublicApiTest {
    private static final Path ROOT =
            Path.of(System.getProperty("basedir")).toAbsolutePath().getParent().getParent();

    /** The sentences that say whether applications may implement or extend a type. */
    private static final Pattern POLICY =
            Pattern.compile("<p>Implemented by (applications|transports|protocols|backplanes|callers)\\b"
                    + "|<p>Not to be (implemented|extended) by applications; \\w+ may be added\\.");

    private static final ArchRule CORE_SHOWS_ONLY_TANK_WS = classes()
            .that()
            .resideInAPackage("io.tankws.core")
            .and()
            .areTopLevelClasses()
            .and()
            .arePublic()
            .should()
            .haveFullyQualifiedName("io.tankws.core.TankWs")
            .because("applications work with the API; the core is only the way in");

    private static final ArchRule TRANSPORTS_SHOW_ONLY_PROVIDERS = classes()
            .that()
            .resideInAPackage("io.tankws.transport..")
            .and()
            .areTopLevelClasses()
            .and()
            .arePublic()
            .should()
            .haveSimpleNameEndingWith("TransportProvider")
            .orShould()
            .haveFullyQualifiedName("io.tankws.transport.jetty.TankWsHandler")
            .orShould()
            .resideInAPackage("io.tankws.transport.memory")
            .because("a transport is chosen, not programmed against; only Jetty's can be mounted by hand, "
                    + "and tests drive the peers and the backplane in memory");

    private static final ArchRule PROVIDERS_CAN_BE_LOADED = classes()
            .that()
            .implement(TransportProvider.class)
            .and()
            .areTopLevelClasses()
            .should()
            .bePublic()
            .andShould()
            .haveModifier(FINAL)
            .andShould()
            .haveSimpleNameEndingWith("TransportProvider")
            .because("the service loader makes them on both paths");

    @Test
    void coreShowsOnlyTankWs() {
        CORE_SHOWS_ONLY_TANK_WS.check(OwnModule.CLASSES);
    }

    @Test
    void coreExportsOnlyItsEntryPoint() {
        Set<String> exported = OwnModule.ALL.get("io.tankws.core").descriptor().exports().stream()
                .map(ModuleDescriptor.Exports::source)
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(Set.of("io.tankws.core"), exported);
    }

    @Test
    void transportsShowOnlyProviders() {
        TRANSPORTS_SHOW_ONLY_PROVIDERS.check(OwnModule.CLASSES);
    }

    @Test
    void providersCanBeLoaded() {
        PROVIDERS_CAN_BE_LOADED.check(OwnModule.CLASSES);
    }

    @Test
    void everyProviderIsProvidedByItsModule() {
        for (OwnModule module : OwnModule.ALL.values()) {
            Set<String> written = module.classes().stream()
                    .filter(type -> type.isTopLevelClass() && !type.isInterface())
                    .filter(type -> type.isAssignableTo(TransportProvider.class))
                    .map(JavaClass::getName)
                    .collect(Collectors.toCollection(TreeSet::new));
            assertEquals(
                    written, module.provided().getOrDefault(TransportProvider.class.getName(), Set.of()), module::name);
        }
    }

    @Test
    void bothPathsFindTheSameProviders() {
        for (OwnModule module : OwnModule.ALL.values()) {
            assertEquals(module.provided(), module.registered(), module::name);
        }
    }

    /** Finals, records and enums need no sentence: the compiler says that they cannot be extended. */
    @Test
    void everyTypeThatCanBeExtendedSaysByWhom() throws IOException {
        List<String> silent = new ArrayList<>();
        int checked = 0;
        for (OwnModule module : OwnModule.ALL.values()) {
            if (module.name().equals("io.tankws.testkit")) {
                continue;
            }
            for (JavaClass type : module.classes()) {
                if (isExported(module, type) && isPublic(type) && isExtensible(type)) {
                    checked++;
                    if (!POLICY.matcher(javadoc(type)).find()) {
                        silent.add(type.getName());
                    }
                }
            }
        }
        assertEquals(List.of(), silent);
        assertTrue(checked > 25, "only " + checked + " types were checked");
    }

    private static boolean isExported(OwnModule module, JavaClass type) {
        return module.descriptor().exports().stream()
                .anyMatch(exports -> !exports.isQualified() && exports.source().equals(type.getPackageName()));
    }

    private static boolean isPublic(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.PUBLIC)
                && type.getEnclosingClass().map(PublicApiTest::isPublic).orElse(true);
    }

    private static boolean isExtensible(JavaClass type) {
        return !type.getModifiers().contains(FINAL) && !type.isEnum() && !type.isAnonymousClass();
    }

    /** Returns the Javadoc of a type as one line, from its source. */
    private static String javadoc(JavaClass type) throws IOException {
        String source = Files.readString(source(type));
        Matcher declaration = Pattern.compile("\\b(?:interface|class) " + type.getSimpleName() + "\\b[^;{]*\\{")
                .matcher(source);
        if (!declaration.find()) {
            throw new IllegalStateException("no declaration of " + type.getName());
        }
        int start = source.lastIndexOf("/**", declaration.start());
        int end = source.indexOf("*/", start);
        return start < 0 ? "" : source.substring(start, end).replaceAll("\\s*\\n\\s*\\*\\s*", " ");
    }

    private static Path source(JavaClass type) throws IOException {
        String name = type.getName().replace('.', '/').replaceFirst("\\$.*", "") + ".java";
        try (Stream<Path> modules = Files.list(ROOT)) {
            return modules.map(module -> module.resolve("src/main/java").resolve(name))
                    .filter(Files::isRegularFile)
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("no source of " + name));
        }
    }
}
