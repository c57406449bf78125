package io.tankws.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The figures of Linux in {@code /proc}. On other systems they are -1. */
public final class ProcFs {
    private static final Path PROC = Path.of("/proc");

    /** USER_HZ: the unit of CPU times in /proc, the same on all architectures in use. */
    private static final double TICKS_PER_SECOND = 100;

    /** Page size of common machines, in bytes. With another size, only the memory of sockets would be wrong. */
    private static final long KB_PER_PAGE = 4;

    private static final String ESTABLISHED = "01";

    private ProcFs() {}

    /** The CPU time of one process, in seconds. */
    public record Cpu(double user, double system) {
        public double total() {
            return user + system;
        }
    }

    public static Cpu cpu(long pid) {
        for (String line : lines(PROC.resolve(pid + "/stat"))) {
            // The name before it may contain any character, including blanks and brackets.
            String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
            return new Cpu(
                    Long.parseLong(fields[11]) / TICKS_PER_SECOND, Long.parseLong(fields[12]) / TICKS_PER_SECOND);
        }
        return new Cpu(0, 0);
    }

    /** Returns the CPU time in seconds of all processes on this machine, without idle and I/O wait time. */
    public static double busy() {
        for (String line : lines(PROC.resolve("stat"))) {
            String[] fields = line.split(" +");
            long ticks = 0;
            for (int i : new int[] {1, 2, 3, 6, 7, 8}) {
                ticks += Long.parseLong(fields[i]);
            }
            return ticks / TICKS_PER_SECOND;
        }
        return 0;
    }

    /** Returns a value of a process's status, such as {@code VmRSS}, in KiB. */
    public static long status(long pid, String name) {
        return number(PROC.resolve(pid + "/status"), name + ":");
    }

    static long memoryKb() {
        return number(PROC.resolve("meminfo"), "MemTotal:");
    }

    /** Returns the name of the processor, if the system reports it. */
    static String processor() {
        return lines(PROC.resolve("cpuinfo")).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("");
    }

    /** Returns the memory in KiB that the kernel uses for all TCP sockets, including both ends of local connections. */
    public static long tcpMemoryKb() {
        for (String line : lines(PROC.resolve("net/sockstat"))) {
            int at = line.indexOf(" mem ");
            if (line.startsWith("TCP:") && at >= 0) {
                return Long.parseLong(line.substring(at + 5).strip().split(" ")[0]) * KB_PER_PAGE;
            }
        }
        return -1;
    }

    /**
     * Returns the client ports of the connections that a server holds open. It reads the server's end of each socket,
     * because a client that does not read never sees the end of the connection after its unread data.
     */
    public static Set<Integer> established(int port) {
        return Stream.of("net/tcp", "net/tcp6")
                .flatMap(table -> lines(PROC.resolve(table)).stream().skip(1))
                .map(line -> line.strip().split("\\s+"))
                .filter(fields -> fields[3].equals(ESTABLISHED) && portOf(fields[1]) == port)
                .map(fields -> portOf(fields[2]))
                .collect(Collectors.toSet());
    }

    private static int portOf(String address) {
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1), 16);
    }

    private static long number(Path file, String name) {
        return lines(file).stream()
                .filter(line -> line.startsWith(name))
                .mapToLong(line ->
                        Long.parseLong(line.substring(name.length()).strip().split(" ")[0]))
                .findFirst()
                .orElse(-1);
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of();
        }
    }
}
