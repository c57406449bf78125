/**
 * A client that does exactly what a test says, a proxy of network faults, load, and waiting for conditions. No JUnit.
 */
@NullMarked
package io.tankws.testkit;

import org.jspecify.annotations.NullMarked;
