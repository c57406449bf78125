package io.tankws.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command that starts a class of this module in a JVM like this one, from the same path. */
final class JavaCommand {
    private JavaCommand() {}

    static List<String> of(List<String> flags, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        Module module = main.getModule();
        if (module.isNamed()) {
            command.addAll(List.of(
                    "-p", System.getProperty("jdk.module.path"), "-m", module.getName() + "/" + main.getName()));
        } else {
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        }
        command.addAll(List.of(arguments));
        return command;
    }
}
