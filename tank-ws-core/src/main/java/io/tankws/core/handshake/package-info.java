/** The way from a handshake to a session: validation, quotas, authentication and the terms of the connection. */
@NullMarked
package io.tankws.core.handshake;

import org.jspecify.annotations.NullMarked;
