/** The measurement of clients that reconnect and recover what they missed. */
package io.tankws.benchmarks.recovery;
