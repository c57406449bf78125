package io.tankws.it.architecture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The violations of {@link ProseRules} in a set of files.
 *
 * @param violations one line of text for each, with file and line
 * @param commentLines the number of lines of comments in Java files
 * @param markers the number of marker words in these comments
 */
record ProseReport(List<String> violations, int commentLines, int markers) {

    static ProseReport of(Path root, List<Path> files) throws IOException {
        List<String> violations = new ArrayList<>();
        int commentLines = 0;
        int markers = 0;
        for (Path file : files) {
            String content = Files.readString(file);
            boolean isJava = file.toString().endsWith(".java");
            for (ProseRules.Violation violation :
                    isJava ? ProseRules.checkJava(content) : ProseRules.checkMarkdown(content)) {
                violations.add(root.relativize(file) + ":" + violation);
                markers += violation.isMarker() ? 1 : 0;
            }
            commentLines += isJava ? JavaProse.commentLines(content) : 0;
        }
        return new ProseReport(List.copyOf(violations), commentLines, markers);
    }

    double markersPer1000Lines() {
        return commentLines == 0 ? 0 : 1000.0 * markers / commentLines;
    }

    String summary() {
        return String.format(
                "%d violations, %d marker words in %d comment lines, %.1f per 1000",
                violations.size(), markers, commentLines, markersPer1000Lines());
    }
}
