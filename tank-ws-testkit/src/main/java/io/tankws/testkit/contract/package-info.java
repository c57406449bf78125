/** What every transport must keep; extend {@link io.tankws.testkit.contract.TransportContract}. */
package io.tankws.testkit.contract;
