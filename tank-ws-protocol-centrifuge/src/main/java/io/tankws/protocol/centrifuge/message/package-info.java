/** The messages of the protocol: the requests of clients, and the replies and pushes of the server. */
@NullMarked
package io.tankws.protocol.centrifuge.message;

import org.jspecify.annotations.NullMarked;
