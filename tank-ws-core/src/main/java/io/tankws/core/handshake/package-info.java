/** The way from a handshake to a session: validation, quotas, authentication and the terms of the connection. */
package io.tankws.core.handshake;
