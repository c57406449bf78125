/** Flow control: pauses reading from clients that send faster than their messages can be delivered. */
package io.tankws.core.flow;
