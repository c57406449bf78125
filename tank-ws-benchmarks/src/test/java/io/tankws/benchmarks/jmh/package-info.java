/** Benchmarks of the core without sockets, which JMH runs on the class path. */
package io.tankws.benchmarks.jmh;
