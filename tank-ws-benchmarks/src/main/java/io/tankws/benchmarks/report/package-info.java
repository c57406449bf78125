/** Results, tables and charts, with the figures of the machine and of the garbage collector. */
package io.tankws.benchmarks.report;
