package io.tankws.benchmarks.report;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The garbage collection log of a JVM, which has one entry for each pause. */
public final class GcLog {
    /** Logging option with the phases, because collectors with short pauses log them there. */
    public static final String FLAG = "-Xlog:gc,gc+phases";

    private static final Pattern PAUSE = Pattern.compile("GC\\(\\d+\\) (?:[YyO]: )?Pause .*?(\\d+\\.\\d+)ms$");

    private GcLog() {}

    /**
     * The pauses in a period.
     *
     * @param count number of pauses
     * @param millis sum of all pauses, in milliseconds
     * @param longest longest pause, in milliseconds
     */
    public record Pauses(int count, double millis, double longest) {}

    /** Returns the option with which a JVM writes a log and replaces an existing file. */
    public static String flag(Path file) {
        return FLAG + ":file=" + file + "::filecount=0";
    }

    /** Returns the size of the log in bytes, which marks the beginning or the end of a period. */
    public static long size(String file) throws IOException {
        return file.isEmpty() ? 0 : Files.size(Path.of(file));
    }

    public static Pauses between(String file, long from, long to) throws IOException {
        try (FileChannel channel = FileChannel.open(Path.of(file))) {
            ByteBuffer text = ByteBuffer.allocate(Math.toIntExact(to - from));
            while (text.hasRemaining() && channel.read(text, from + text.position()) >= 0) {
                // The loop ends when the whole part is read.
            }
            return of(new String(text.array(), 0, text.position(), StandardCharsets.UTF_8));
        }
    }

    static Pauses of(String text) {
        int count = 0;
        double millis = 0;
        double longest = 0;
        for (String line : text.lines().toList()) {
            Matcher pause = PAUSE.matcher(line);
            if (pause.find()) {
                double time = Double.parseDouble(pause.group(1));
                count++;
                millis += time;
                longest = Math.max(longest, time);
            }
        }
        return new Pauses(count, millis, longest);
    }
}
