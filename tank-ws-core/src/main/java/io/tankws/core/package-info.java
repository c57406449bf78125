/** The engine; {@link io.tankws.core.TankWs} is its only public type. */
package io.tankws.core;
