package io.tankws.benchmarks;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The command that starts a class of this module in another JVM with the path of this one. */
public final class JavaCommand {
    private JavaCommand() {}

    public static List<String> of(List<String> flags, Class<?> main, String... arguments) {
        List<String> command = java(flags);
        Module module = main.getModule();
        String classPath = System.getProperty("java.class.path", "");
        if (module.isNamed()) {
            if (!classPath.isEmpty()) {
                // Libraries without a module descriptor find their dependencies on the class path.
                command.addAll(List.of("-cp", classPath));
            }
            command.addAll(List.of(
                    "-p", System.getProperty("jdk.module.path"), "-m", module.getName() + "/" + main.getName()));
        } else {
            command.addAll(List.of("-cp", classPath, main.getName()));
        }
        command.addAll(List.of(arguments));
        return command;
    }

    /** Returns the command for a class that needs libraries without a module descriptor. */
    public static List<String> onClassPath(List<String> flags, Class<?> main, String... arguments) {
        List<String> command = java(flags);
        String path =
                classPath(Stream.of("jdk.module.path", "java.class.path").map(name -> System.getProperty(name, "")));
        command.addAll(List.of("-cp", path, main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    /**
     * Returns the command for a class of another build.
     *
     * @param build directory with all jars of the build, or several entries of a path
     */
    public static List<String> ofBuild(List<String> flags, String build, String main, String... arguments) {
        List<String> command = java(flags);
        command.addAll(List.of("-cp", classPath(Stream.of(build)), main));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Returns the command for a class of this module that uses the libraries of another build. */
    public static List<String> withLibraries(List<String> flags, String build, Class<?> main, String... arguments) {
        String own = main.getProtectionDomain().getCodeSource().getLocation().getPath();
        return ofBuild(flags, own + File.pathSeparator + build, main.getName(), arguments);
    }

    private static String classPath(Stream<String> paths) {
        return paths.flatMap(path -> Stream.of(path.split(File.pathSeparator)))
                .filter(entry -> !entry.isEmpty())
                .flatMap(JavaCommand::classes)
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** Returns the class path of a module path entry, because a directory may contain classes or jars. */
    private static Stream<String> classes(String entry) {
        return Files.isDirectory(Path.of(entry)) ? Stream.of(entry, entry + File.separator + "*") : Stream.of(entry);
    }

    private static List<String> java(List<String> flags) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        return command;
    }
}
