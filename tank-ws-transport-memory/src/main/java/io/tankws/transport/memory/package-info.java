/** The in-memory transport, its client, and the in-memory backplane. */
@NullMarked
package io.tankws.transport.memory;

import org.jspecify.annotations.NullMarked;
