/**
 * Contract suites for transports, backplanes and history stores. A transport extends {@link
 * io.tankws.testkit.contract.TransportContract}.
 */
@NullMarked
package io.tankws.testkit.contract;

import org.jspecify.annotations.NullMarked;
