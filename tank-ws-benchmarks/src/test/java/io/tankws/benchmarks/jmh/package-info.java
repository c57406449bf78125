/** Benchmarks of the engine without sockets, which JMH runs on the class path. */
package io.tankws.benchmarks.jmh;
