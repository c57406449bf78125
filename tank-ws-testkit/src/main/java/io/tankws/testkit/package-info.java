/**
 * A client that does exactly what a test says, a proxy of network faults, load, and waiting for conditions. No JUnit.
 */
package io.tankws.testkit;
