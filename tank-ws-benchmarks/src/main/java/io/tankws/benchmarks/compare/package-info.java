/** The comparison of servers: one server process after the other under the same load. */
package io.tankws.benchmarks.compare;
