/** The programs to run: the load generator, the comparison that uses it, and the chart of what came out. */
package io.tankws.benchmarks;
