package io.tankws.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A scale from 0 with round steps.
 *
 * @param step distance of two marks
 * @param marks number of marks, including 0
 */
record Axis(double step, int marks) {
    private static final int MAX_STEPS = 6;

    /** Returns the finest scale that reaches a value in a few steps. */
    static Axis upTo(double max) {
        double value = max > 0 ? max : 1;
        double power = Math.pow(10, Math.floor(Math.log10(value / MAX_STEPS)));
        double step = power;
        for (int factor : new int[] {1, 2, 5, 10}) {
            step = power * factor;
            if (step * MAX_STEPS >= value) {
                break;
            }
        }
        return new Axis(step, (int) Math.ceil(value / step - 1e-9) + 1);
    }

    double end() {
        return step * (marks - 1);
    }

    double at(int mark) {
        return step * mark;
    }

    /**
     * Returns the labels of the marks, with the decimals that the steps need, and letters for thousands and millions.
     */
    List<String> labels() {
        double unit = end() >= 1e6 ? 1e6 : end() >= 1e4 ? 1e3 : 1;
        String suffix = unit == 1e6 ? " M" : unit == 1e3 ? " k" : "";
        int decimals = (int) Math.max(0, -Math.floor(Math.log10(step / unit) + 1e-9));
        List<String> labels = new ArrayList<>();
        for (int mark = 0; mark < marks; mark++) {
            String number = String.format(Locale.ROOT, "%." + decimals + "f", at(mark) / unit);
            labels.add(mark == 0 ? "0" : number + suffix);
        }
        return labels;
    }
}
