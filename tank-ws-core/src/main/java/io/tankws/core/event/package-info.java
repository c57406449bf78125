/** Events, errors and counters of a manager. */
package io.tankws.core.event;
