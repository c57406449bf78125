package io.tankws.it.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.util.ServiceLoader;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Main code does not use these features of Java and of its libraries. */
class CodingRulesTest {
    private static final String SELECTOR = "io.tankws.core.selection.TransportSelector";
    private static final String PROTOCOL_SELECTOR = "io.tankws.core.selection.ProtocolSelector";
    private static final String BACKPLANE_SELECTOR = "io.tankws.core.selection.BackplaneSelector";

    private static final ArchRule NO_STANDARD_STREAMS = noClasses()
            .that()
            .resideOutsideOfPackage("io.tankws.examples..")
            .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS)
            .because("a library's words go to the application's log");

    private static final ArchRule NO_JAVA_UTIL_LOGGING =
            GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.because("logging goes through SLF4J");

    private static final ArchRule NO_GENERIC_EXCEPTIONS =
            GeneralCodingRules.NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS.because(
                    "a caller that catches them cannot distinguish them");

    private static final ArchRule NO_SLEEP = noClasses()
            .should()
            .accessTargetWhere(isOneOf("java.lang.Thread", "sleep"))
            .because("a sleeping thread waits for luck; wait for the condition");

    /**
     * Three classes may have one. {@code AudienceWalk} and {@code FilledOutboxes} remove their value before the call
     * that set it returns, and {@code RankedLock} has one only while assertions are on.
     */
    private static final ArchRule NO_THREAD_LOCALS = noClasses()
            .that()
            .haveNameNotMatching(
                    "io\\.tankws\\.core\\.(routing\\.AudienceWalk|flow\\.FilledOutboxes|concurrent\\.RankedLock\\$Held)")
            .should()
            .dependOnClassesThat()
            .areAssignableTo(ThreadLocal.class)
            .because("with virtual threads each copy is one per task, and nothing takes it back");

    private static final ArchRule NO_FINALIZERS = noMethods()
            .should()
            .haveName("finalize")
            .because("they are never run in time; what holds a resource is closed");

    private static final ArchRule ONLY_THE_SELECTOR_LOOKS_UP = noClasses()
            .that()
            .doNotHaveFullyQualifiedName(SELECTOR)
            .and()
            .doNotHaveFullyQualifiedName(BACKPLANE_SELECTOR)
            .and()
            .doNotHaveFullyQualifiedName(PROTOCOL_SELECTOR)
            .should()
            .dependOnClassesThat()
            .areAssignableTo(ServiceLoader.class)
            .because("there is one place for each service that decides what is found");

    private static final ArchRule ONLY_THE_SELECTOR_READS_PROPERTIES = noClasses()
            .that()
            .resideInAPackage("io.tankws.core..")
            .and()
            .doNotHaveFullyQualifiedName(SELECTOR)
            .should()
            .accessTargetWhere(isOneOf("java.lang.System", "getProperty", "getProperties", "getenv"))
            .orShould()
            .accessTargetWhere(isOneOf("java.lang.Boolean", "getBoolean"))
            .orShould()
            .accessTargetWhere(isOneOf("java.lang.Integer", "getInteger"))
            .orShould()
            .accessTargetWhere(isOneOf("java.lang.Long", "getLong"))
            .because("settings are passed, and only the choice of a transport comes from outside");

    @Test
    void noCodeWritesToTheStandardStreams() {
        NO_STANDARD_STREAMS.check(OwnModule.CLASSES);
    }

    @Test
    void noCodeUsesJavaUtilLogging() {
        NO_JAVA_UTIL_LOGGING.check(OwnModule.CLASSES);
    }

    @Test
    void noCodeThrowsGenericExceptions() {
        NO_GENERIC_EXCEPTIONS.check(OwnModule.CLASSES);
    }

    @Test
    void noCodeSleeps() {
        NO_SLEEP.check(OwnModule.CLASSES);
    }

    @Test
    void onlyThreeClassesUseThreadLocals() {
        NO_THREAD_LOCALS.check(OwnModule.CLASSES);
    }

    @Test
    void noCodeFinalizes() {
        NO_FINALIZERS.check(OwnModule.CLASSES);
    }

    @Test
    void onlyTheSelectorLooksUpServices() {
        ONLY_THE_SELECTOR_LOOKS_UP.check(OwnModule.CLASSES);
    }

    @Test
    void onlyTheSelectorReadsProperties() {
        ONLY_THE_SELECTOR_READS_PROPERTIES.check(OwnModule.CLASSES);
    }

    private static DescribedPredicate<JavaAccess<?>> isOneOf(String owner, String... names) {
        Set<String> wanted = Set.of(names);
        return describe(
                "the target is one of " + owner + " " + wanted,
                access -> access.getTargetOwner().getName().equals(owner) && wanted.contains(access.getName()));
    }
}
