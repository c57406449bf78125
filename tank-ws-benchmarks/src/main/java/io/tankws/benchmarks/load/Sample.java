package io.tankws.benchmarks.load;

import io.tankws.benchmarks.report.GcLog;
import io.tankws.benchmarks.report.ProcFs;
import java.io.IOException;

/** Counters at one time. The result of a run is the difference of two samples. */
record Sample(
        long nanos,
        long deliveries,
        long published,
        ProcFs.Cpu server,
        double client,
        double machine,
        long rssKb,
        long hwmKb,
        long gcLogBytes) {

    static Sample take(LoadOptions options, DeliveryChecker checker) throws IOException {
        long pid = options.pid();
        return new Sample(
                System.nanoTime(),
                checker.deliveries,
                checker.published(),
                pid > 0 ? ProcFs.cpu(pid) : new ProcFs.Cpu(0, 0),
                ProcFs.cpu(ProcessHandle.current().pid()).total(),
                ProcFs.busy(),
                pid > 0 ? ProcFs.status(pid, "VmRSS") : -1,
                pid > 0 ? ProcFs.status(pid, "VmHWM") : -1,
                GcLog.size(options.gcLog()));
    }

    double secondsSince(Sample earlier) {
        return (nanos - earlier.nanos) / 1e9;
    }

    double serverSince(Sample earlier) {
        return server.total() - earlier.server.total();
    }
}
