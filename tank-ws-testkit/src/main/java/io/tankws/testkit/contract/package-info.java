/**
 * Contract suites for transports and backplanes. A transport extends {@link
 * io.tankws.testkit.contract.TransportContract}.
 */
package io.tankws.testkit.contract;
