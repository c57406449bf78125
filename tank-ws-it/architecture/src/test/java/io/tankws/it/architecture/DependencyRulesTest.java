package io.tankws.it.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Every module points at the API, and only applications point at the core. */
class DependencyRulesTest {
    private static final String[] API = {"io.tankws", "io.tankws.spi..", "io.tankws.wire.."};
    private static final String ANNOTATIONS = "org.jspecify.annotations";
    private static final String SPI = "io.tankws.spi..";
    private static final String CORE = "io.tankws.core..";
    private static final String TESTKIT = "io.tankws.testkit..";
    private static final String TRANSPORTS = "io.tankws.transport..";
    private static final String MEMORY = "io.tankws.transport.memory..";
    private static final String BACKPLANES = "io.tankws.backplane..";
    private static final String PROTOCOLS = "io.tankws.protocol..";
    private static final String AUTHENTICATION = "io.tankws.auth..";
    private static final String EXAMPLES = "io.tankws.examples..";

    private static final ArchRule API_NEEDS_ONLY_JAVA_BASE_AND_ANNOTATIONS = classes()
            .that()
            .resideInAnyPackage(API)
            .should()
            .onlyDependOnClassesThat(javaBase()
                    .or(JavaClass.Predicates.resideInAnyPackage(API))
                    .or(JavaClass.Predicates.resideInAPackage(ANNOTATIONS)))
            .because("a module that depends on the API must get no other dependency with it");

    private static final ArchRule APPLICATION_TYPES_KNOW_NO_SPI = noClasses()
            .that()
            .resideInAPackage("io.tankws")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(SPI)
            .because("applications must never meet what is made for transports");

    private static final ArchRule CORE_KNOWS_ONLY_THE_API = noClasses()
            .that()
            .resideInAPackage(CORE)
            .should()
            .dependOnClassesThat(ofTankWsOutside(CORE))
            .orShould()
            .dependOnClassesThat()
            .resideInAnyPackage("org.eclipse.jetty..", "org.java_websocket..", "io.lettuce..", "io.netty..")
            .because("the core must run on any transport, also on one that is written tomorrow");

    private static final ArchRule TRANSPORTS_KNOW_ONLY_THE_API = noClasses()
            .that()
            .resideInAPackage(TRANSPORTS)
            .should()
            .dependOnClassesThat(ofTankWsOutside(TRANSPORTS))
            .because("a transport that knows the core could not be exchanged");

    private static final ArchRule BACKPLANES_KNOW_ONLY_THE_API = noClasses()
            .that()
            .resideInAPackage(BACKPLANES)
            .should()
            .dependOnClassesThat(ofTankWsOutside(BACKPLANES))
            .because("a backplane that knows the core could not be exchanged");

    private static final ArchRule PROTOCOLS_KNOW_ONLY_THE_API = noClasses()
            .that()
            .resideInAPackage(PROTOCOLS)
            .should()
            .dependOnClassesThat(ofTankWsOutside(PROTOCOLS))
            .because("a protocol that knows the engine could not be exchanged");

    private static final ArchRule AUTHENTICATION_KNOWS_ONLY_THE_API_AND_PROTOCOLS = noClasses()
            .that()
            .resideInAPackage(AUTHENTICATION)
            .should()
            .dependOnClassesThat(ofTankWsOutside(AUTHENTICATION, PROTOCOLS))
            .because("it answers in the terms of a protocol, on any engine");

    private static final ArchRule TRANSPORTS_DO_NOT_KNOW_EACH_OTHER = slices().matching("io.tankws.transport.(*)..")
            .should()
            .notDependOnEachOther()
            .because("each must work when no other one is on the path");

    private static final ArchRule TESTKIT_KNOWS_ONLY_THE_API_AND_MEMORY = noClasses()
            .that()
            .resideInAPackage(TESTKIT)
            .should()
            .dependOnClassesThat(ofTankWsOutside(TESTKIT, MEMORY))
            .orShould()
            .dependOnClassesThat()
            .resideInAnyPackage("org.eclipse.jetty..", "org.java_websocket..")
            .because("it judges all transports; only in memory its client has no socket to connect to");

    private static final ArchRule ONLY_THE_CONTRACT_KNOWS_JUNIT = noClasses()
            .that()
            .resideOutsideOfPackage("io.tankws.testkit.contract..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.junit..", "org.opentest4j..")
            .because("an application that uses the test client brings any test framework, in any version");

    private static final ArchRule ONLY_APPLICATIONS_KNOW_THE_CORE = classes()
            .that()
            .resideInAPackage(CORE)
            .should()
            .onlyHaveDependentClassesThat()
            .resideInAnyPackage(CORE, EXAMPLES)
            .because("everything else points at the API");

    private static final ArchRule NO_CYCLES = slices().matching("io.(**)")
            .should()
            .beFreeOfCycles()
            .ignoreDependency(JavaClass.Predicates.resideInAPackage(CORE), JavaClass.Predicates.resideInAPackage(CORE))
            .because("packages that know each other are one package in two places");

    private static ArchRule packagesWithoutCycles(String parent) {
        return slices().matching(parent + ".(*)..")
                .should()
                .beFreeOfCycles()
                .because("a reader must be able to understand one package after the other");
    }

    @Test
    void apiNeedsOnlyJavaBaseAndAnnotations() {
        API_NEEDS_ONLY_JAVA_BASE_AND_ANNOTATIONS.check(OwnModule.CLASSES);
    }

    @Test
    void applicationTypesKnowNoSpi() {
        APPLICATION_TYPES_KNOW_NO_SPI.check(OwnModule.CLASSES);
    }

    @Test
    void coreKnowsOnlyTheApi() {
        CORE_KNOWS_ONLY_THE_API.check(OwnModule.CLASSES);
    }

    @Test
    void transportsKnowOnlyTheApi() {
        TRANSPORTS_KNOW_ONLY_THE_API.check(OwnModule.CLASSES);
    }

    @Test
    void backplanesKnowOnlyTheApi() {
        BACKPLANES_KNOW_ONLY_THE_API.check(OwnModule.CLASSES);
    }

    @Test
    void protocolsKnowOnlyTheApi() {
        PROTOCOLS_KNOW_ONLY_THE_API.check(OwnModule.CLASSES);
    }

    @Test
    void authenticationKnowsOnlyTheApiAndProtocols() {
        AUTHENTICATION_KNOWS_ONLY_THE_API_AND_PROTOCOLS.check(OwnModule.CLASSES);
    }

    @Test
    void transportsDoNotKnowEachOther() {
        TRANSPORTS_DO_NOT_KNOW_EACH_OTHER.check(OwnModule.CLASSES);
    }

    @Test
    void testkitKnowsOnlyTheApiAndTheTransportInMemory() {
        TESTKIT_KNOWS_ONLY_THE_API_AND_MEMORY.check(OwnModule.CLASSES);
    }

    @Test
    void onlyTheContractKnowsJUnit() {
        ONLY_THE_CONTRACT_KNOWS_JUNIT.check(OwnModule.CLASSES);
    }

    @Test
    void onlyApplicationsKnowTheCore() {
        ONLY_APPLICATIONS_KNOW_THE_CORE.check(OwnModule.CLASSES);
    }

    @Test
    void packagesFormNoCycle() {
        NO_CYCLES.check(OwnModule.CLASSES);
    }

    @Test
    void packagesOfTheCoreFormNoCycle() {
        packagesWithoutCycles("io.tankws.core").check(OwnModule.CLASSES);
    }

    @Test
    void aPlantedCycleOfPackagesIsFound() {
        JavaClasses planted = new ClassFileImporter().importPackages("io.tankws.it.architecture.planted");
        AssertionError error = assertThrows(
                AssertionError.class,
                () -> packagesWithoutCycles("io.tankws.it.architecture.planted").check(planted));
        assertTrue(error.getMessage().contains("Cycle detected"), error::getMessage);
    }

    private static DescribedPredicate<JavaClass> javaBase() {
        Set<String> packages = Object.class.getModule().getPackages();
        return describe("are of java.base", type -> {
            JavaClass element = type.getBaseComponentType();
            return element.isPrimitive() || packages.contains(element.getPackageName());
        });
    }

    private static DescribedPredicate<JavaClass> ofTankWsOutside(String... own) {
        return JavaClass.Predicates.resideInAPackage("io.tankws..")
                .and(DescribedPredicate.not(JavaClass.Predicates.resideInAnyPackage("io.tankws", SPI)))
                .and(DescribedPredicate.not(JavaClass.Predicates.resideInAnyPackage(own)));
    }
}
