/** The entry point of the library, {@link io.tankws.core.TankWs}, which is the only exported type of the core. */
@NullMarked
package io.tankws.core;

import org.jspecify.annotations.NullMarked;
