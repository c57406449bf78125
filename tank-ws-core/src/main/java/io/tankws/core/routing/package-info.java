/** Topics, their subscribers, the order of their messages and the scheduling of the fan-out. */
package io.tankws.core.routing;
