/** A relay on tank-ws. */
package io.tankws.benchmarks.tankws;
