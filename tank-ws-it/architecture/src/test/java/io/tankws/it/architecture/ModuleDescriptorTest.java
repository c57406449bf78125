package io.tankws.it.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.module.Configuration;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.lang.module.ResolvedModule;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The module descriptors. A change of one must be repeated here, so that it does not happen by accident. */
class ModuleDescriptorTest {
    /** The lines of each descriptor without {@code requires java.base}, sorted by kind and name. */
    private static final List<String> EXPECTED = List.of("""
            module io.tankws {
                requires static transitive org.jspecify;
                exports io.tankws;
                exports io.tankws.spi;
                exports io.tankws.spi.support;
            }""", """
            module io.tankws.auth.jwt {
                requires com.auth0.jwt;
                requires com.fasterxml.jackson.core;
                requires transitive io.tankws;
                requires transitive io.tankws.protocol.centrifuge;
                requires java.net.http;
                requires org.slf4j;
                exports io.tankws.auth.jwt;
            }""", """
            module io.tankws.backplane.redis {
                requires io.netty.buffer;
                requires io.netty.codec;
                requires io.netty.common;
                requires io.netty.handler;
                requires io.netty.resolver;
                requires io.netty.resolver.dns;
                requires io.netty.transport;
                requires transitive io.tankws;
                requires lettuce.core;
                requires org.slf4j;
                requires reactor.core;
                exports io.tankws.backplane.redis;
                provides io.tankws.spi.BackplaneProvider with io.tankws.backplane.redis.RedisBackplaneProvider;
            }""", """
            module io.tankws.core {
                requires com.fasterxml.jackson.core;
                requires transitive io.tankws;
                requires org.slf4j;
                exports io.tankws.core;
                uses io.tankws.spi.BackplaneProvider;
                uses io.tankws.spi.ClientProtocol;
                uses io.tankws.spi.TransportProvider;
            }""", """
            module io.tankws.examples {
                requires com.fasterxml.jackson.core;
                requires io.tankws.core;
                requires org.eclipse.jetty.server;
            }""", """
            module io.tankws.protocol.centrifuge {
                requires com.fasterxml.jackson.core;
                requires transitive io.tankws;
                exports io.tankws.protocol.centrifuge;
                provides io.tankws.spi.ClientProtocol with io.tankws.protocol.centrifuge.CentrifugeProtocol;
            }""", """
            module io.tankws.testkit {
                requires transitive io.tankws;
                requires io.tankws.transport.memory;
                requires java.management;
                requires jdk.management;
                requires static transitive org.junit.jupiter.api;
                exports io.tankws.testkit;
                exports io.tankws.testkit.contract;
                opens io.tankws.testkit.contract;
            }""", """
            module io.tankws.transport.javawebsocket {
                requires io.tankws;
                requires org.java_websocket;
                requires org.slf4j;
                provides io.tankws.spi.TransportProvider with io.tankws.transport.javawebsocket.JavaWebSocketTransportProvider;
            }""", """
            module io.tankws.transport.jetty {
                requires transitive io.tankws;
                requires transitive org.eclipse.jetty.server;
                requires org.eclipse.jetty.websocket.core.server;
                requires org.slf4j;
                exports io.tankws.transport.jetty;
                provides io.tankws.spi.TransportProvider with io.tankws.transport.jetty.JettyTransportProvider;
            }""", """
            module io.tankws.transport.memory {
                requires transitive io.tankws;
                exports io.tankws.transport.memory;
                provides io.tankws.spi.BackplaneProvider with io.tankws.transport.memory.InMemoryBackplaneProvider;
                provides io.tankws.spi.TransportProvider with io.tankws.transport.memory.InMemoryTransportProvider;
            }""");

    @Test
    void everyModuleHasTheExpectedDescriptor() {
        assertEquals(
                EXPECTED.stream().sorted().collect(Collectors.joining("\n")),
                OwnModule.ALL.values().stream()
                        .map(module -> text(module.descriptor()))
                        .sorted()
                        .collect(Collectors.joining("\n")));
    }

    @Test
    void noModuleIsOpenOrSharesWithChosenFriends() {
        for (OwnModule module : OwnModule.ALL.values()) {
            ModuleDescriptor descriptor = module.descriptor();
            assertFalse(descriptor.isOpen() || descriptor.isAutomatic(), module::name);
            assertTrue(descriptor.exports().stream().noneMatch(ModuleDescriptor.Exports::isQualified), module::name);
            assertTrue(descriptor.opens().stream().noneMatch(ModuleDescriptor.Opens::isQualified), module::name);
        }
    }

    /**
     * Surefire puts the modules that service binding resolves on the module path, but its own launcher and JUnit's on
     * the class path. JUnit in both places cannot run a test.
     */
    @Test
    void serviceBindingFromTheCoreResolvesNoTestFramework() {
        Set<String> resolved = Configuration.empty()
                .resolveAndBind(
                        ModuleFinder.compose(ModuleFinder.ofSystem(), OwnModule.CLASS_PATH),
                        ModuleFinder.of(),
                        Set.of("io.tankws.core"))
                .modules()
                .stream()
                .map(ResolvedModule::name)
                .collect(Collectors.toCollection(TreeSet::new));
        assertTrue(
                resolved.containsAll(Set.of(
                        "io.tankws.backplane.redis",
                        "io.tankws.transport.javawebsocket",
                        "io.tankws.transport.jetty",
                        "io.tankws.transport.memory")),
                resolved::toString);
        assertEquals(
                List.of(),
                resolved.stream()
                        .filter(name -> name.startsWith("org.junit")
                                || name.startsWith("org.opentest4j")
                                || name.equals("io.tankws.testkit"))
                        .toList());
    }

    @Test
    void onlyLettuceAndTheLibraryOfItsLoginsAreAutomaticModules() {
        ModuleFinder everywhere = ModuleFinder.compose(ModuleFinder.ofSystem(), OwnModule.CLASS_PATH);
        Set<String> seen = new TreeSet<>();
        for (OwnModule module : OwnModule.ALL.values()) {
            for (ModuleDescriptor.Requires required : module.descriptor().requires()) {
                Optional<ModuleReference> found = everywhere.find(required.name());
                assertTrue(found.isPresent(), () -> required.name() + " is not on the class path of these tests");
                boolean known = module.name().equals("io.tankws.backplane.redis")
                        && Set.of("lettuce.core", "reactor.core").contains(required.name());
                assertEquals(known, found.get().descriptor().isAutomatic(), required::name);
                seen.add(required.name());
            }
        }
        assertTrue(seen.containsAll(Set.of("java.base", "io.tankws", "org.jspecify", "org.slf4j")), seen::toString);
    }

    private static String text(ModuleDescriptor descriptor) {
        Stream<String> requires = descriptor.requires().stream()
                .sorted()
                .filter(required -> !required.modifiers().contains(ModuleDescriptor.Requires.Modifier.MANDATED))
                .map(required -> "requires " + words(required.modifiers()) + required.name());
        Stream<String> exports = descriptor.exports().stream()
                .sorted()
                .map(exported -> "exports " + exported.source() + targets(exported.targets()));
        Stream<String> opens = descriptor.opens().stream()
                .sorted()
                .map(opened -> "opens " + opened.source() + targets(opened.targets()));
        Stream<String> uses = descriptor.uses().stream().sorted().map("uses "::concat);
        Stream<String> provides = descriptor.provides().stream()
                .sorted()
                .map(provided -> "provides " + provided.service() + " with " + String.join(", ", provided.providers()));
        return Stream.of(requires, exports, opens, uses, provides)
                .flatMap(lines -> lines)
                .map(line -> "    " + line + ";\n")
                .collect(Collectors.joining(
                        "", words(descriptor.modifiers()) + "module " + descriptor.name() + " {\n", "}"));
    }

    private static String words(Set<? extends Enum<?>> modifiers) {
        return modifiers.stream()
                .map(modifier -> modifier.name().toLowerCase(Locale.ROOT) + " ")
                .sorted()
                .collect(Collectors.joining());
    }

    private static String targets(Set<String> targets) {
        return targets.isEmpty() ? "" : " to " + String.join(", ", new TreeSet<>(targets));
    }
}
