/** Servers: paths, their handlers, and the transport below. */
package io.tankws.core.server;
