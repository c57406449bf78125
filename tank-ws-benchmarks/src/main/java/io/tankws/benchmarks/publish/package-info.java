/** The measurement of publishing to topics without incoming messages. */
package io.tankws.benchmarks.publish;
