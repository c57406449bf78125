/** The load generator: its connections, its publishers and the check of each delivery. */
package io.tankws.benchmarks.load;
