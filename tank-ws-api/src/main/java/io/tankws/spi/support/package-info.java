/** Helpers for implementers of transports and backplanes: frames, buffers, sockets and threads. */
package io.tankws.spi.support;
