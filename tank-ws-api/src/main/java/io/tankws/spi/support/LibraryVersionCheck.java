package io.tankws.spi.support;

import io.tankws.LibraryVersionException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.StringJoiner;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The check of a library's version when a transport or backplane starts. A build that manages versions, such as that
 * of Spring Boot, may bring another version than the one that a provider was made for. Such a version often links,
 * and fails only when a connection is open.
 *
 * <p>Each part of the library is checked, for a build may mix versions. A part whose version is unknown, as in a jar
 * that holds several libraries, is accepted if the library has the methods that other versions lack. Used by one
 * thread.
 *
 * <p>For transports and backplanes; not to be extended.
 */
public final class LibraryVersionCheck {
    private static final String UNKNOWN = "an unknown version";

    private final String user;
    private final String library;
    private final String line;
    private final Map<String, String> versions = new LinkedHashMap<>();

    private LibraryVersionCheck(String user, String library, String line) {
        this.user = Objects.requireNonNull(user, "user");
        this.library = Objects.requireNonNull(library, "library");
        this.line = Objects.requireNonNull(line, "line");
    }

    /**
     * Begins a check without parts.
     *
     * @param user the transport or backplane that needs the library, as the exception names it
     * @param library the library's name
     * @param line the first numbers of the versions that are accepted, such as {@code 12.1} for all versions 12.1.x
     * @return a check to which parts are added
     */
    public static LibraryVersionCheck of(String user, String library, String line) {
        return new LibraryVersionCheck(user, library, line);
    }

    /**
     * Adds a part of the library.
     *
     * @param type a type of that part
     * @param group its Maven group
     * @param artifacts its Maven artifact, and the names that other versions have for it
     * @return this check
     */
    public LibraryVersionCheck part(Class<?> type, String group, String... artifacts) {
        versions.put(artifacts[0], versionOf(type, group, artifacts).orElse(UNKNOWN));
        return this;
    }

    /**
     * Checks the parts.
     *
     * @param link uses methods that other versions of the library lack, and so fails with a {@link LinkageError} in
     *     such a version; run only if the version of a part is unknown
     * @param remedy a sentence for the exception that says how to fix it
     * @param warn logs a text; called if the parts have accepted versions that differ
     * @throws LibraryVersionException if a part has a version that is not accepted, or an unknown one and
     *     {@code link} fails
     */
    public void require(Runnable link, String remedy, Consumer<String> warn) {
        if (versions.values().stream().anyMatch(version -> !version.equals(UNKNOWN) && !isAccepted(version))) {
            throw new LibraryVersionException(text(remedy), null);
        }
        if (versions.containsValue(UNKNOWN)) {
            try {
                link.run();
            } catch (LinkageError e) {
                throw new LibraryVersionException(text(remedy), e);
            }
        } else if (versions.values().stream().distinct().count() > 1) {
            warn.accept(
                    user + " uses different versions of " + library + ": " + found() + ". Use one version for all.");
        }
    }

    private boolean isAccepted(String version) {
        return version.startsWith(line)
                && (version.length() == line.length() || !Character.isDigit(version.charAt(line.length())));
    }

    private String text(String remedy) {
        return user + " needs " + library + " " + line + ", but found " + found() + ". " + remedy;
    }

    private String found() {
        Map<String, StringJoiner> parts = new LinkedHashMap<>();
        versions.forEach((part, version) ->
                parts.computeIfAbsent(version, each -> new StringJoiner(", ")).add(part));
        return parts.entrySet().stream()
                .map(entry -> entry.getKey() + " of " + entry.getValue())
                .collect(Collectors.joining(" and "));
    }

    private Optional<String> versionOf(Class<?> type, String group, String... artifacts) {
        for (String artifact : artifacts) {
            Optional<String> version =
                    mavenVersion(type, "META-INF/maven/" + group + "/" + artifact + "/pom.properties");
            if (version.isPresent()) {
                return version;
            }
        }
        return Optional.ofNullable(type.getModule().getDescriptor())
                .flatMap(module -> module.rawVersion())
                .or(() -> manifestVersion(type.getPackage()))
                .filter(LibraryVersionCheck::isVersion);
    }

    /** Returns the version that a file of Maven names, if that file is in the same place as the type. */
    private static Optional<String> mavenVersion(Class<?> type, String path) {
        String file = "/" + type.getName().replace('.', '/') + ".class";
        URL place = type.getResource(file);
        URL found = type.getResource("/" + path);
        if (place == null || found == null || !found.toString().equals(sibling(place, file, path))) {
            return Optional.empty();
        }
        // Not by the URL, whose cache would keep the jar open.
        try (InputStream in = type.getResourceAsStream("/" + path)) {
            Properties properties = new Properties();
            properties.load(in);
            return Optional.ofNullable(properties.getProperty("version")).filter(LibraryVersionCheck::isVersion);
        } catch (IOException | RuntimeException e) {
            // Without it the version is unknown.
            return Optional.empty();
        }
    }

    private static String sibling(URL place, String file, String path) {
        String text = place.toString();
        return text.endsWith(file) ? text.substring(0, text.length() - file.length() + 1) + path : "";
    }

    /** Returns the version in the manifest, unless that manifest is of an application which holds the library. */
    private Optional<String> manifestVersion(Package manifest) {
        String owner = manifest.getImplementationTitle() + " " + manifest.getImplementationVendor();
        return owner.toLowerCase(Locale.ROOT).contains(library.toLowerCase(Locale.ROOT))
                ? Optional.ofNullable(manifest.getImplementationVersion())
                : Optional.empty();
    }

    private static boolean isVersion(String text) {
        return !text.isEmpty() && Character.isDigit(text.charAt(0));
    }
}
