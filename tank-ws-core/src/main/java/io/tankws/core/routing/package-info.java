/** Topics, their subscribers, the order of their messages and the scheduling of the fan-out. */
@NullMarked
package io.tankws.core.routing;

import org.jspecify.annotations.NullMarked;
