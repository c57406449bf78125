/** WebSocket messages that hold any number of commands or replies. */
@NullMarked
package io.tankws.protocol.centrifuge.frame;

import org.jspecify.annotations.NullMarked;
