/** The measurement of publishing to several nodes through Redis. */
package io.tankws.benchmarks.cluster;
