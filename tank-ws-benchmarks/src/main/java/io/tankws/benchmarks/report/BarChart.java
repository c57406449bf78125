package io.tankws.benchmarks.report;

import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** An SVG bar chart with one panel for each measured value and one bar for each server's median. */
final class BarChart {
    private static final int WIDTH = 760;
    private static final int MARGIN = 16;
    private static final int BARS_AT = 190;
    private static final int BARS_WIDTH = 440;
    private static final int ROW = 24;
    private static final int BAR = 16;
    private static final int HEADING = 40;
    private static final int TITLE = 34;
    private static final int AXIS = 22;
    private static final int FACT = 15;
    private static final String STYLE = """
            svg { font-family: sans-serif; }
            text { fill: #24292f; font-size: 13px; }
            .paper { fill: #ffffff; }
            .heading { font-weight: bold; font-size: 15px; }
            .title { font-weight: bold; }
            .fact, .mark { font-size: 11px; fill: #57606a; }
            .grid { stroke: #d0d7de; stroke-width: 1; }
            .bar { fill: #9aa4af; }
            .own { fill: #2f6fde; }
            .spread { stroke: #24292f; stroke-width: 1.5; }
            @media (prefers-color-scheme: dark) {
              text { fill: #e6edf3; }
              .paper { fill: #0d1117; }
              .fact, .mark { fill: #9198a1; }
              .grid { stroke: #30363d; }
              .bar { fill: #6e7781; }
              .own { fill: #4f8ff7; }
              .spread { stroke: #e6edf3; }
            }
            """;

    /** The panel of one measured value. */
    private record Panel(String title, String mode, String field, String format) {}

    private static final List<Panel> PANELS = List.of(
            new Panel("Deliveries per second: more is better", "fanout", "deliveries_per_s", "%,.0f"),
            new Panel(
                    "Server's CPU seconds per million deliveries: less is better",
                    "fanout",
                    "server_cpu_s_per_million",
                    "%.2f"),
            new Panel("99th percentile of latency in ms: less is better", "latency", "p99_ms", "%.2f"));

    private final Results results;
    private final StringWriter text = new StringWriter();
    private final XMLStreamWriter xml;
    private int y;

    private BarChart(Results results) throws XMLStreamException {
        this.results = results;
        xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
    }

    static String svg(Results results) {
        try {
            return new BarChart(results).draw();
        } catch (XMLStreamException e) {
            // The writer writes to memory, and its calls do not depend on the results.
            throw new IllegalStateException(e);
        }
    }

    private String draw() throws XMLStreamException {
        List<Panel> panels = PANELS.stream().filter(this::isMeasured).toList();
        List<String> facts = facts();
        int height = HEADING
                + panels.size() * (TITLE + results.runs().size() * ROW + AXIS)
                + facts.size() * FACT
                + 2 * MARGIN;
        xml.writeStartDocument("UTF-8", "1.0");
        xml.writeStartElement("svg");
        xml.writeDefaultNamespace("http://www.w3.org/2000/svg");
        xml.writeAttribute("viewBox", "0 0 " + WIDTH + " " + height);
        xml.writeAttribute("width", String.valueOf(WIDTH));
        xml.writeAttribute("height", String.valueOf(height));
        xml.writeAttribute("role", "img");
        element("title", heading());
        element("style", STYLE);
        rectangle("paper", 0, 0, WIDTH, height);
        label(MARGIN, HEADING - 12, "heading", "start", heading());
        y = HEADING;
        for (Panel panel : panels) {
            panel(panel);
        }
        y += MARGIN;
        for (String fact : facts) {
            label(MARGIN, y, "fact", "start", fact);
            y += FACT;
        }
        xml.writeEndDocument();
        xml.close();
        return text.toString();
    }

    /** Returns the heading with the load, which all runs share. */
    private String heading() {
        return results.runs().values().stream()
                .flatMap(List::stream)
                .filter(run -> run.get("n") instanceof Double && run.get("size") instanceof Double)
                .map(run -> String.format(
                        Locale.ROOT,
                        "WebSocket servers: one publisher, %,.0f subscribers, messages of %,.0f bytes",
                        (Double) run.get("n"),
                        (Double) run.get("size")))
                .findFirst()
                .orElse("WebSocket servers compared");
    }

    private List<String> facts() {
        List<String> facts = new ArrayList<>();
        results.facts().forEach((name, fact) -> {
            for (String part : fact.split("; ")) {
                facts.add(name + ": " + part);
            }
        });
        facts.add("bars: medians; lines: least to most");
        return facts;
    }

    private boolean isMeasured(Panel panel) {
        return results.runs().keySet().stream()
                .anyMatch(server -> results.values(server, panel.mode, panel.field).length > 0);
    }

    private void panel(Panel panel) throws XMLStreamException {
        label(MARGIN, y + TITLE - 10, "title", "start", panel.title);
        y += TITLE;
        double max = results.runs().keySet().stream()
                .flatMapToDouble(server -> Arrays.stream(results.values(server, panel.mode, panel.field)))
                .max()
                .orElse(1);
        Axis axis = Axis.upTo(max);
        double scale = BARS_WIDTH / axis.end();
        axis(axis, scale);
        for (String server : results.runs().keySet()) {
            row(panel, server, scale);
            y += ROW;
        }
        y += AXIS;
    }

    /** Draws the grid before the bars, and the axis labels below them. */
    private void axis(Axis axis, double scale) throws XMLStreamException {
        int bottom = y + results.runs().size() * ROW;
        List<String> labels = axis.labels();
        for (int mark = 0; mark < axis.marks(); mark++) {
            double x = BARS_AT + axis.at(mark) * scale;
            line("grid", x, y - 4, x, bottom);
            label(x, bottom + 13, "mark", "middle", labels.get(mark));
        }
    }

    private void row(Panel panel, String server, double scale) throws XMLStreamException {
        int baseline = y + BAR - 3;
        label(BARS_AT - 8, baseline, "name", "end", server);
        double[] values = results.values(server, panel.mode, panel.field);
        if (values.length == 0) {
            label(BARS_AT, baseline, "value", "start", "no result");
            return;
        }
        double median = Results.median(values);
        rectangle(server.startsWith("tank-ws") ? "bar own" : "bar", BARS_AT, y, median * scale, BAR);
        double right = values[values.length - 1] * scale;
        if (values.length > 1) {
            double middle = y + BAR / 2.0;
            line("spread", BARS_AT + values[0] * scale, middle, BARS_AT + right, middle);
        }
        label(BARS_AT + right + 8, baseline, "value", "start", String.format(Locale.ROOT, panel.format, median));
    }

    private void rectangle(String style, double x, double top, double width, double height) throws XMLStreamException {
        xml.writeEmptyElement("rect");
        xml.writeAttribute("class", style);
        xml.writeAttribute("x", number(x));
        xml.writeAttribute("y", number(top));
        xml.writeAttribute("width", number(width));
        xml.writeAttribute("height", number(height));
    }

    private void line(String style, double x1, double y1, double x2, double y2) throws XMLStreamException {
        xml.writeEmptyElement("line");
        xml.writeAttribute("class", style);
        xml.writeAttribute("x1", number(x1));
        xml.writeAttribute("y1", number(y1));
        xml.writeAttribute("x2", number(x2));
        xml.writeAttribute("y2", number(y2));
    }

    private void label(double x, double at, String style, String anchor, String words) throws XMLStreamException {
        xml.writeStartElement("text");
        xml.writeAttribute("class", style);
        xml.writeAttribute("x", number(x));
        xml.writeAttribute("y", number(at));
        xml.writeAttribute("text-anchor", anchor);
        xml.writeCharacters(words);
        xml.writeEndElement();
    }

    private void element(String name, String content) throws XMLStreamException {
        xml.writeStartElement(name);
        xml.writeCharacters(content);
        xml.writeEndElement();
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
