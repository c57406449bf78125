/** Helpers for implementers of transports and backplanes: frames, buffers, sockets and threads. */
@NullMarked
package io.tankws.spi.support;

import org.jspecify.annotations.NullMarked;
