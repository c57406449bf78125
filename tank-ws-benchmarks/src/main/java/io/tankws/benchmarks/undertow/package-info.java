/** Undertow without tank-ws. */
package io.tankws.benchmarks.undertow;
