/** The parts that all programs share: command lines and the start of a JVM. */
package io.tankws.benchmarks;
