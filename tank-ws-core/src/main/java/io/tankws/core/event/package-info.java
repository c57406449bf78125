/** Events, errors and counters of a manager. */
@NullMarked
package io.tankws.core.event;

import org.jspecify.annotations.NullMarked;
