package io.tankws.it.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tankws.BinaryRelay;
import io.tankws.ClusterHealth;
import io.tankws.Compression;
import io.tankws.DropReason;
import io.tankws.ErrorCode;
import io.tankws.Manager;
import io.tankws.OriginRule;
import io.tankws.OutagePolicy;
import io.tankws.OverflowPolicy;
import io.tankws.Statistics;
import io.tankws.Upgrader;
import io.tankws.UserLimitPolicy;
import io.tankws.WebSocketServer;
import io.tankws.core.TankWs;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The names and numbers in the tables of the README and of the guide are those of the code. */
class DocumentTableTest {
    private static final Path ROOT =
            Path.of(System.getProperty("basedir")).toAbsolutePath().getParent().getParent();
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    /** Returns the README, the migration page and the pages of the guide. */
    private static List<String> documents() throws IOException {
        List<Path> files =
                new ArrayList<>(List.of(ROOT.resolve("README.md"), ROOT.resolve("docs/migration-from-go.md")));
        try (Stream<Path> pages = Files.list(ROOT.resolve("docs/guide"))) {
            pages.sorted().forEach(files::add);
        }
        List<String> texts = new ArrayList<>();
        for (Path file : files) {
            texts.add(Files.readString(file));
        }
        return texts;
    }

    /** Returns the cells of each row below a header, which must occur once. */
    private static List<String[]> table(String header) throws IOException {
        List<String> lines = documents().stream().flatMap(String::lines).toList();
        int start = lines.indexOf(header);
        assertTrue(start >= 0, "no table " + header);
        assertEquals(start, lines.lastIndexOf(header), "a second table " + header);
        return lines.stream()
                .skip(start + 2)
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> line.substring(1).split("\\|"))
                .toList();
    }

    private static List<String> codes(String cell) {
        return CODE.matcher(cell).results().map(found -> found.group(1)).toList();
    }

    private static Set<String> methods(Class<?>... types) {
        return Arrays.stream(types)
                .flatMap(type -> Arrays.stream(type.getMethods()))
                .map(Method::getName)
                .collect(Collectors.toSet());
    }

    @Test
    void theErrorsAreThoseOfTheCode() throws IOException {
        List<String> shown = table("| error | `value()` | when |").stream()
                .map(cells -> codes(cells[0]).get(0) + " " + cells[1].strip())
                .toList();
        List<String> declared = Arrays.stream(ErrorCode.values())
                .map(code -> code.name() + " " + code.value())
                .toList();
        assertEquals(declared, shown);
    }

    @Test
    void theSettingsAreThoseOfTheBuilders() throws IOException {
        Set<String> shown = new TreeSet<>(Set.of("limits", "clientLimits", "build"));
        for (String[] cells : table("| setting | default |")) {
            shown.addAll(codes(cells[0]));
        }
        assertEquals(new TreeSet<>(methods(Manager.Builder.class)), shown);
        String prose = documents().stream()
                .flatMap(String::lines)
                .dropWhile(line -> !line.startsWith("`WebSocketServer.Builder`"))
                .takeWhile(line -> !line.isEmpty())
                .collect(Collectors.joining(" "));
        Set<String> server = new TreeSet<>(methods(WebSocketServer.Builder.class));
        server.removeAll(Set.of("limits", "start"));
        server.removeIf(name -> prose.contains("`" + name + "`"));
        assertEquals(Set.of(), server);
    }

    @Test
    void everyLimitOfTheTableExists() throws IOException {
        Set<String> known = LimitOwners.byLimit().keySet();
        List<String> unknown = table("| limit | default | at the bound | set in |").stream()
                .flatMap(cells -> codes(cells[0]).stream())
                .filter(name -> !known.contains(name))
                .toList();
        assertEquals(List.of(), unknown);
    }

    @Test
    void everyConstantInCapitalsExists() throws IOException {
        Set<String> known = Stream.of(
                        OverflowPolicy.values(),
                        DropReason.values(),
                        ErrorCode.values(),
                        BinaryRelay.values(),
                        Compression.values(),
                        UserLimitPolicy.values(),
                        ClusterHealth.Status.values())
                .flatMap(Arrays::stream)
                .map(Enum::name)
                .collect(Collectors.toCollection(TreeSet::new));
        Stream.of(OutagePolicy.class.getFields()).map(Field::getName).forEach(known::add);
        known.addAll(Set.of("TOPIC", "DATA", "OPTIONAL", "REQUIRED", "CANCEL", "CONNECT"));
        List<String> shown = proseCodes();
        assertEquals(
                List.of(),
                shown.stream()
                        .filter(code -> code.matches("[A-Z]{2,}(_[A-Z]+)*"))
                        .filter(code -> !known.contains(code))
                        .toList());
        for (OverflowPolicy policy : OverflowPolicy.values()) {
            assertTrue(shown.contains(policy.name()), policy::name);
        }
    }

    /** Returns the code spans in the text of all documents, without the blocks of code. */
    private static List<String> proseCodes() throws IOException {
        List<String> codes = new ArrayList<>();
        for (String document : documents()) {
            boolean block = false;
            for (String line : document.lines().toList()) {
                if (line.startsWith("```")) {
                    block = !block;
                } else if (!block) {
                    codes.addAll(codes(line));
                }
            }
        }
        return codes;
    }

    @Test
    void everyModuleIsInTheTable() throws IOException {
        List<String[]> rows = table("| artifact | module | what it is | requires |");
        Set<String> shown = rows.stream().map(cells -> codes(cells[0]).get(0)).collect(Collectors.toSet());
        Set<String> built = Pattern.compile("<module>(.*)</module>")
                .matcher(Files.readString(ROOT.resolve("pom.xml")))
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toSet());
        assertEquals(built, shown);
        for (String[] cells : rows) {
            Path descriptor = ROOT.resolve(codes(cells[0]).get(0)).resolve("src/main/java/module-info.java");
            List<String> module = codes(cells[1]);
            assertEquals(Files.exists(descriptor), !module.isEmpty(), descriptor::toString);
            if (!module.isEmpty()) {
                assertTrue(Files.readString(descriptor).contains("module " + module.get(0) + " {"), cells[1]);
            }
        }
    }

    @Test
    void theVersionsAreThoseOfTheBuild() throws IOException {
        String pom = Files.readString(ROOT.resolve("pom.xml"));
        Pattern dependency =
                Pattern.compile("<groupId>(.*)</groupId>\\s*<artifactId>(.*)</artifactId>\\s*<version>(.*)</version>");
        List<MatchResult> shown =
                dependency.matcher(String.join("\n", documents())).results().toList();
        assertTrue(shown.size() > 2, () -> shown.size() + " dependencies are shown");
        for (MatchResult each : shown) {
            String wanted = each.group(1).equals("io.tankws")
                    ? "<version>" + each.group(3) + "</version>"
                    : "<slf4j.version>" + each.group(3) + "</slf4j.version>";
            assertTrue(pom.contains(wanted), each::group);
        }
    }

    @Test
    void everyCallInTheTextExists() throws IOException {
        Set<String> known = methods(
                Manager.class, TankWs.class, Statistics.class, Upgrader.class, Manager.Builder.class, OriginRule.class);
        List<String> calls = proseCodes().stream()
                .flatMap(code -> Pattern.compile(
                                "(?:tank|manager|statistics\\(\\)|Upgrader\\.defaults\\(\\)|Builder|OriginRule)\\.(\\w+)\\(")
                        .matcher(code)
                        .results())
                .map(found -> found.group(1))
                .toList();
        assertTrue(calls.size() > 10, calls::toString);
        assertEquals(
                List.of(), calls.stream().filter(name -> !known.contains(name)).toList());
    }
}
