/**
 * Contract suites for transports and backplanes. A transport extends {@link
 * io.tankws.testkit.contract.TransportContract}.
 */
@NullMarked
package io.tankws.testkit.contract;

import org.jspecify.annotations.NullMarked;
