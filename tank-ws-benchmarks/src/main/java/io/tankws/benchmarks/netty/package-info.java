/** A relay on Netty, tuned for speed alone. */
package io.tankws.benchmarks.netty;
