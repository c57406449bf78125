package io.tankws.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A program that draws the results of a comparison as a bar chart. */
public final class Chart {
    private static final int FAILURE = 1;
    private static final int WRONG_USE = 2;
    private static final String USAGE = """
            Draws the results of a comparison as an SVG picture.

              [RESULTS [PICTURE]]   default tank-ws-benchmarks/target/comparison.json and the same with .svg

            The picture of the project's README is docs/fan-out.svg.""";

    private Chart() {}

    /**
     * Draws the chart. Ends the process with 1 if there are no results, 2 for wrong options.
     *
     * @param arguments see {@code --help}
     */
    public static void main(String[] arguments) {
        if (List.of(arguments).contains("--help")) {
            System.out.println(USAGE);
            return;
        }
        if (arguments.length > 2) {
            System.err.println("At most two arguments are allowed; see --help.");
            System.exit(WRONG_USE);
        }
        Path results = Path.of(arguments.length > 0 ? arguments[0] : Results.TARGET + "comparison.json");
        Path picture = arguments.length > 1
                ? Path.of(arguments[1])
                : results.resolveSibling(results.getFileName().toString().replaceFirst("\\.json$", "") + ".svg");
        try {
            Files.createDirectories(picture.toAbsolutePath().getParent());
            Files.writeString(picture, BarChart.svg(Results.read(results)));
            System.out.println(picture);
        } catch (IOException e) {
            System.err.println("No picture: " + e.getMessage());
            System.exit(FAILURE);
        }
    }
}
