package io.tankws.benchmarks.load;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.tankws.benchmarks.report.GcLog;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** The result as one line of JSON, written field by field. */
final class LoadReport {
    private final StringWriter text = new StringWriter();
    private final JsonGenerator json;

    LoadReport(LoadOptions options, int connected) throws IOException {
        json = new JsonFactory().createGenerator(text);
        json.writeStartObject();
        json.writeStringField("label", options.label());
        json.writeStringField("mode", options.mode().word());
        add("n", options.subscribers());
        add("size", options.size());
        add("window", options.openLoop() ? 0 : options.window());
        add("rate", options.rate(), 3);
        add("stuck", options.stuck());
        add("connected", connected);
    }

    LoadReport add(String name, long value) throws IOException {
        json.writeNumberField(name, value);
        return this;
    }

    LoadReport add(String name, double value, int digits) throws IOException {
        json.writeNumberField(name, BigDecimal.valueOf(value).setScale(digits, RoundingMode.HALF_UP));
        return this;
    }

    LoadReport add(String name, boolean value) throws IOException {
        json.writeBooleanField(name, value);
        return this;
    }

    /** Adds the throughput and its cost. */
    LoadReport throughput(Sample from, Sample to) throws IOException {
        double seconds = to.secondsSince(from);
        long deliveries = to.deliveries() - from.deliveries();
        double millions = deliveries > 0 ? deliveries / 1e6 : 1;
        double server = to.serverSince(from);
        double client = to.client() - from.client();
        add("seconds", seconds, 3);
        add("published", to.published() - from.published());
        add("deliveries", deliveries);
        add("deliveries_per_s", deliveries / seconds, 0);
        add("server_cpu_s", server, 2);
        add("server_cpu_s_per_million", server / millions, 3);
        double system = to.server().system() - from.server().system();
        add("server_sys_share", server > 0 ? system / server : 0, 2);
        add("client_cpu_s_per_million", client / millions, 3);
        add("client_cpu_share", client / seconds, 2);
        add("other_cpu_s", to.machine() - from.machine() - server - client, 2);
        return add("rss_kb", to.rssKb()).add("hwm_kb", to.hwmKb());
    }

    /** Adds the number and duration of the pauses of the server's JVM, if it has a log. */
    LoadReport pauses(LoadOptions options, Sample from, Sample to) throws IOException {
        if (options.gcLog().isEmpty()) {
            return this;
        }
        GcLog.Pauses pauses = GcLog.between(options.gcLog(), from.gcLogBytes(), to.gcLogBytes());
        add("gc_pauses", pauses.count());
        return add("gc_pause_ms", pauses.millis(), 3).add("gc_longest_ms", pauses.longest(), 3);
    }

    LoadReport percentiles(Histogram histogram) throws IOException {
        if (histogram.count() > 0) {
            add("p50_ms", histogram.millis(0.5), 3);
            add("p90_ms", histogram.millis(0.9), 3);
            add("p99_ms", histogram.millis(0.99), 3);
            add("p999_ms", histogram.millis(0.999), 3);
            add("max_ms", histogram.millis(1), 3);
        }
        return this;
    }

    /** Adds the counters that are 0 in a run without faults. */
    LoadReport checks(LoadOptions options, DeliveryChecker checker, boolean stalled) throws IOException {
        add("lost", checker.lost).add("duplicated", checker.duplicated).add("reordered", checker.reordered);
        add("corrupt", checker.corrupt).add("echoed", checker.echoed);
        add("disconnected", checker.disconnected).add("cut", checker.cut);
        add("other_texts", checker.otherTexts).add("pings", checker.pings).add("stalled", stalled);
        return add(
                "server_alive",
                options.pid() == 0
                        || ProcessHandle.of(options.pid())
                                .filter(ProcessHandle::isAlive)
                                .isPresent());
    }

    String line() throws IOException {
        json.writeEndObject();
        json.close();
        return text.toString();
    }
}
