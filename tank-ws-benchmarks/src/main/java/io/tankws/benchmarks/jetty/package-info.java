/** Jetty without tank-ws. */
package io.tankws.benchmarks.jetty;
