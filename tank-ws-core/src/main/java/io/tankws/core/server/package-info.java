/** Servers: paths, their handlers, and the transport below. */
@NullMarked
package io.tankws.core.server;

import org.jspecify.annotations.NullMarked;
