package io.tankws.benchmarks;

import java.io.IOException;

/** Counters at one moment; what lies between two of them is the result. */
record Sample(
        long nanos,
        long deliveries,
        long published,
        Kernel.Cpu server,
        double client,
        double machine,
        long rssKb,
        long hwmKb,
        long gcLogBytes) {

    static Sample take(LoadOptions options, Ledger ledger) throws IOException {
        long pid = options.pid();
        return new Sample(
                System.nanoTime(),
                ledger.deliveries,
                ledger.published(),
                pid > 0 ? Kernel.cpu(pid) : new Kernel.Cpu(0, 0),
                Kernel.cpu(ProcessHandle.current().pid()).total(),
                Kernel.busy(),
                pid > 0 ? Kernel.status(pid, "VmRSS") : -1,
                pid > 0 ? Kernel.status(pid, "VmHWM") : -1,
                GcLog.size(options.gcLog()));
    }

    double secondsSince(Sample earlier) {
        return (nanos - earlier.nanos) / 1e9;
    }

    double serverSince(Sample earlier) {
        return server.total() - earlier.server.total();
    }
}
