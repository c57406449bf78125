/** Patches between publications, in the delta format of Fossil. */
@NullMarked
package io.tankws.protocol.centrifuge.fossil;

import org.jspecify.annotations.NullMarked;
