/** The Centrifuge client protocol, with which the SDKs of Centrifuge connect. */
@NullMarked
package io.tankws.protocol.centrifuge;

import org.jspecify.annotations.NullMarked;
