/** Flow control: pauses reading from clients that send faster than their messages can be delivered. */
@NullMarked
package io.tankws.core.flow;

import org.jspecify.annotations.NullMarked;
