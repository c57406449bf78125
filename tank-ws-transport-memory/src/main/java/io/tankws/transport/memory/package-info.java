/** A transport without sockets, its client, and a backplane for several nodes in one process. */
package io.tankws.transport.memory;
