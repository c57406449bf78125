/** The in-memory transport, its client, and the in-memory backplane. */
package io.tankws.transport.memory;
