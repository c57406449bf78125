package io.tankws.it.process;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A Java program that runs on its own class path and module path. */
final class JavaProcess {
    private static final int WAIT_SECONDS = 150;

    /** The exit status and the output of a program, errors included. */
    record Result(int status, String output) {}

    private JavaProcess() {}

    /** Returns the class path of this test. */
    static List<Path> classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .toList();
    }

    static String join(List<Path> paths) {
        return String.join(
                File.pathSeparator, paths.stream().map(Path::toString).toList());
    }

    /** Runs a program until it ends. */
    static Result run(List<String> options, Class<?> program, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElseThrow());
        command.addAll(List.of("-XX:+UseSerialGC", "-Xmx128m", "-XX:TieredStopAtLevel=1"));
        command.addAll(options);
        command.add(program.getName());
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile("tank-ws-process", ".txt");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            try {
                boolean ended = process.waitFor(WAIT_SECONDS, TimeUnit.SECONDS);
                String text = Files.readString(output, StandardCharsets.UTF_8);
                if (!ended) {
                    throw new AssertionError("the program does not end:\n" + text);
                }
                return new Result(process.exitValue(), text);
            } finally {
                process.destroyForcibly();
            }
        } finally {
            Files.delete(output);
        }
    }

    /** Returns the jars that the build has copied, those whose names begin with one of some texts. */
    static List<Path> old(String... names) throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("io.tankws.it.old")))) {
            return files.filter(file -> startsWith(file, names)).sorted().toList();
        }
    }

    static boolean startsWith(Path file, String... names) {
        return Arrays.stream(names).anyMatch(file.getFileName().toString()::startsWith);
    }
}
