package io.tankws.it.architecture;

import static com.tngtech.archunit.core.domain.JavaModifier.FINAL;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import io.tankws.spi.TransportProvider;
import java.lang.module.ModuleDescriptor;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What is public, and who provides what. */
class PublicApiTest {
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
}
