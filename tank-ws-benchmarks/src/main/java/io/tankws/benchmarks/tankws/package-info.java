/** tank-ws as the load generator meets it. */
package io.tankws.benchmarks.tankws;
