package io.tankws.it.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The packages that NullAway checks. It checks only packages that are {@code @NullMarked}. */
class NullMarkedTest {
    private static final String NULL_MARKED = "org.jspecify.annotations.NullMarked";
    /** Module of programs, which users copy and do not depend on. */
    private static final String EXAMPLES = "io.tankws.examples";

    /** Number of packages of the libraries when this rule was written. */
    private static final int MIN_PACKAGES = 24;

    @Test
    void everyPackageOfALibraryIsNullMarked() {
        Set<JavaPackage> packages = OwnModule.ALL.values().stream()
                .filter(module -> !module.name().equals(EXAMPLES))
                .flatMap(module -> packages(module.classes()).stream())
                .collect(Collectors.toSet());
        assertEquals(Set.of(), unmarked(packages));
        assertTrue(packages.size() >= MIN_PACKAGES, () -> "only " + packages.size() + " packages were checked");
    }

    @Test
    void findsAPackageWithoutTheMark() {
        JavaClasses planted = new ClassFileImporter().importPackages("io.tankws.it.architecture.planted");
        assertTrue(unmarked(packages(planted)).contains("io.tankws.it.architecture.planted.session"));
    }

    private static Set<JavaPackage> packages(JavaClasses classes) {
        return classes.stream().map(JavaClass::getPackage).collect(Collectors.toSet());
    }

    private static Set<String> unmarked(Set<JavaPackage> packages) {
        return packages.stream()
                .filter(owner -> owner.tryGetPackageInfo()
                        .filter(info -> info.isAnnotatedWith(NULL_MARKED))
                        .isEmpty())
                .map(JavaPackage::getName)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
