/** Servers to run and to read. */
package io.tankws.examples;
