/** What the engine itself costs, without sockets: run by JMH, on the class path. */
package io.tankws.benchmarks.jmh;
